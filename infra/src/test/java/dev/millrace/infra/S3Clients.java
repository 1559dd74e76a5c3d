package dev.millrace.infra;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of a local server. */
final class S3Clients {
    private S3Clients() {}

    static S3Client of(ObjectStoreServer server, Login login) {
        return of(server, StaticCredentialsProvider.create(AwsBasicCredentials.create(login.name(), login.secret())));
    }

    static S3Client anonymous(ObjectStoreServer server) {
        return of(server, AnonymousCredentialsProvider.create());
    }

    private static S3Client of(ObjectStoreServer server, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(server.region()))
                .forcePathStyle(true)
                .credentialsProvider(credentials)
                .build();
    }
}
