package dev.millrace.lake.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What this JVM was told to trust in TLS, for the engine, whose TLS library asks the system alone: whoever lets the JVM trust
 * a private certificate does not have to say it twice.
 */
public final class TrustedCertificates {
    /** The JVM's own property for another trust store than its standard one. */
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    private static final Base64.Encoder PEM_LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private TrustedCertificates() {}

    /**
     * A file in the cache folder with the certificates of the trust store that this JVM was given; none when it was given none,
     * so that the system's are trusted. Safe for many processes at once.
     *
     * @throws EngineException when the trust store can't be read or the file can't be written
     */
    public static Optional<Path> file(EngineCache cache) {
        String store = System.getProperty(TRUST_STORE, "");
        if (store.isBlank()) {
            return Optional.empty();
        }
        try {
            byte[] pem = pem().getBytes(StandardCharsets.US_ASCII);
            String name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(pem));
            Path file = cache.folder().resolve("duckdb").resolve("trust").resolve(name + ".pem");
            if (!Files.exists(file)) {
                EngineCache.createFolder(file.getParent());
                Path aside = Files.createTempFile(file.getParent(), ".", ".pem");
                Files.write(aside, pem);
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Optional.of(file);
        } catch (GeneralSecurityException | IOException e) {
            throw new EngineException(
                    "the trust store " + store + " can't be given to the engine: " + e + "; see -D" + TRUST_STORE, e);
        }
    }

    private static String pem() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509TrustManager manager = Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this JVM has no trust manager for X.509"));
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : manager.getAcceptedIssuers()) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(PEM_LINES.encodeToString(certificate.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return pem.toString();
    }
}
