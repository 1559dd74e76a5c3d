package dev.millrace.storage;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Where the keys for S3 come from: the environment that a command was given, else the default chain of the AWS SDK. */
final class S3KeyChain {
    static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";
    static final String SESSION_TOKEN = "AWS_SESSION_TOKEN";
    static final String PROFILE = "AWS_PROFILE";

    private S3KeyChain() {}

    /** Finds the first place that may have keys; does not ask it for them yet. */
    static AwsCredentialsProvider of(Map<String, String> environment) {
        Optional<String> accessKey = value(environment, ACCESS_KEY);
        Optional<String> secretKey = value(environment, SECRET_KEY);
        if (accessKey.isPresent() != secretKey.isPresent()) {
            String missing = accessKey.isPresent() ? SECRET_KEY : ACCESS_KEY;
            throw new StorageException("keys for S3: " + (accessKey.isPresent() ? ACCESS_KEY : SECRET_KEY)
                    + " is set and " + missing + " is not; set both, or neither to use a profile or a role");
        }
        if (accessKey.isPresent()) {
            return StaticCredentialsProvider.create(
                    given(accessKey.orElseThrow(), secretKey.orElseThrow(), value(environment, SESSION_TOKEN)));
        }
        DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
        value(environment, PROFILE).ifPresent(chain::profileName);
        return chain.build();
    }

    private static AwsCredentials given(String accessKey, String secretKey, Optional<String> sessionToken) {
        return sessionToken.isPresent()
                ? AwsSessionCredentials.create(accessKey, secretKey, sessionToken.orElseThrow())
                : AwsBasicCredentials.create(accessKey, secretKey);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    }
}
