package dev.millrace.storage;

import java.util.regex.Pattern;

/**
 * Where a store has its objects, and how its keys are written there.
 *
 * @param bucket the bucket
 * @param prefix what the keys of S3 begin with; empty, or ends in a slash
 */
record S3Place(String bucket, String prefix) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final String SCHEME = "s3://";

    S3Place {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new StorageException(
                    "'" + bucket + "' is no name of a bucket: use 3 to 63 lower-case letters, digits,"
                            + " '-' and '.', and a letter or digit at both ends");
        }
        if (!prefix.isEmpty()) {
            ObjectKeys.checkedForEngine(ObjectKeys.checkedPrefix(prefix));
        }
    }

    /** A place whose prefix may be written without its slash at the end. */
    static S3Place of(String bucket, String prefix) {
        return new S3Place(bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    /** The place as a user would write it. */
    String root() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }

    String address(String key) {
        return SCHEME + bucket + "/" + prefix + ObjectKeys.checkedForEngine(ObjectKeys.checkedKey(key));
    }

    /** The key as S3 knows it. */
    String inBucket(String key) {
        return prefix + ObjectKeys.checkedKey(key);
    }

    /** A prefix of keys as S3 knows it. */
    String prefixInBucket(String keyPrefix) {
        return prefix + ObjectKeys.checkedPrefix(keyPrefix);
    }

    /** The key of what S3 knows by another one, which begins with the prefix of this place. */
    String key(String inBucket) {
        return inBucket.substring(prefix.length());
    }
}
