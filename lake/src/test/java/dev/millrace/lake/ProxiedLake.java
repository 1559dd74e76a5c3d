package dev.millrace.lake;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.PostgresProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The lake of a test's folder ({@link LakeStand}) with its catalog behind a proxy with faults. On PostgreSQL only. A
 * session that is opened here belongs to one thread; the proxy is for all.
 */
public final class ProxiedLake implements AutoCloseable {
    private final Path folder;
    private final PostgresProxy proxy;

    private ProxiedLake(Path folder, PostgresProxy proxy) {
        this.folder = folder;
        this.proxy = proxy;
    }

    public static ProxiedLake of(Path folder) throws IOException {
        return new ProxiedLake(folder, PostgresProxy.to(LocalServers.shared().postgres()));
    }

    public PostgresProxy proxy() {
        return proxy;
    }

    /** A session whose catalog's connections go through the proxy. */
    public LakeSession open(SessionOptions.Access access, List<String> readablePlaces) {
        PostgresAddress direct = ((Catalog.PostgresCatalog) LakeStand.catalog(folder)).address();
        PostgresAddress proxied = new PostgresAddress(
                direct.host(),
                proxy.tcp().port(),
                direct.database(),
                direct.user(),
                direct.options(),
                direct.password());
        return LakeSession.open(
                new LakeAddress(
                        new Catalog.PostgresCatalog(proxied),
                        LakeStand.data(folder).root()),
                LakeStand.options(access).withReadablePlaces(readablePlaces));
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
