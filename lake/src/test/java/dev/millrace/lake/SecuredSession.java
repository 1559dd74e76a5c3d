package dev.millrace.lake;

import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * A process of its own for tests: writes a lake file by way of an S3 endpoint, and says how many rows it reads back.
 * Arguments: the endpoint, the data path, a folder for the catalog. The keys are in the environment.
 */
final class SecuredSession {
    private SecuredSession() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        S3Credentials keys = new S3Credentials(
                environment.get("AWS_ACCESS_KEY_ID"),
                environment.get("AWS_SECRET_ACCESS_KEY"),
                Optional.empty(),
                Optional.empty());
        S3Access s3 =
                new S3Access(new S3Endpoint(URI.create(args[0]), "us-east-1", true), () -> keys, Clock.systemUTC());
        LakeAddress address =
                new LakeAddress(new Catalog.SqliteCatalog(Path.of(args[2]).resolve("lake.sqlite")), args[1]);
        try (LakeSession session = LakeSession.open(
                address, SessionOptions.of(SessionOptions.Access.CREATE).withS3(s3))) {
            session.execute("CREATE TABLE lake.t AS SELECT range AS i FROM range(1000)");
            System.out.println("rows: " + session.queryLong("SELECT count(*) FROM lake.t WHERE i >= 0"));
        } catch (LakeException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
