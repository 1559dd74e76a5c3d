package dev.millrace.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Looks at what stands under a key, and says whether it is what was to be put there. Thread-safe. */
record S3Comparison(S3Client client, S3Place place, S3Failures failures) {
    static final String READ = "s3:GetObject";

    /** What is known of an object without reading it. */
    Optional<HeadObjectResponse> look(String key) {
        try {
            return Optional.of(client.headObject(r -> r.bucket(place.bucket()).key(place.inBucket(key))));
        } catch (SdkException e) {
            if (S3Answers.isMissing(e)) {
                return Optional.empty();
            }
            throw failures.failed("cannot look at '" + key + "' in " + place.root(), READ, e);
        }
    }

    InputStream open(String key, long offset) throws IOException {
        try {
            return new S3Stream(client.getObject(r -> r.bucket(place.bucket())
                    .key(place.inBucket(key))
                    .range(offset == 0 ? null : "bytes=" + offset + "-")));
        } catch (SdkException e) {
            if (S3Answers.isMissing(e)) {
                throw new StorageException("cannot open '" + key + "' in " + place.root()
                        + ": no such object; check the key, and who has deleted it");
            }
            throw failures.failed("cannot open '" + key + "' in " + place.root(), READ, e);
        }
    }

    /**
     * The outcome of a put whose key is taken.
     *
     * @param mayBeOurs whether an attempt of this process without a known outcome may have put it there
     * @throws KeyConflictException when it has other content
     * @throws AccessDeniedException when these keys can't read it, and it can't be an own one
     */
    PutOutcome withTaken(String key, S3Content content, S3Content.Source source, boolean mayBeOurs) {
        HeadObjectResponse there;
        try {
            there = look(key).orElseThrow(() -> isGone(key));
        } catch (AccessDeniedException e) {
            if (mayBeOurs) {
                return PutOutcome.ALREADY_THERE;
            }
            throw new AccessDeniedException(
                    "cannot store '" + key + "' in " + place.root() + ": the key is taken, and these keys may not look"
                            + " whether by the same content. If this repeats an earlier upload, it is there already, which keys"
                            + " with " + READ
                            + " can tell: repeat the put with those. Other rows go under a new key (a new batch id)",
                    e);
        }
        S3Content found = S3Content.of(there);
        boolean same =
                switch (content.compare(found)) {
                    case SAME -> true;
                    case OTHER -> false;
                    case TO_BE_READ -> readsTheSame(key, source);
                };
        if (same) {
            return PutOutcome.ALREADY_THERE;
        }
        throw new KeyConflictException("the key '" + key + "' in " + place.root() + " is taken by an object of "
                + found.sizeBytes() + " bytes with other content than the " + content.sizeBytes()
                + " bytes to store; nothing was changed: store them under a new key (a new batch id), and find out who"
                + " uses the same key twice");
    }

    private boolean readsTheSame(String key, S3Content.Source source) {
        try (InputStream there = open(key, 0);
                InputStream here = source.open()) {
            return IOUtils.contentEquals(there, here);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot compare '" + key + "' in " + place.root() + " with what is to be stored: " + e
                            + "; try again",
                    e);
        }
    }

    private StorageException isGone(String key) {
        return new StorageException("cannot store '" + key + "' in " + place.root()
                + ": the server says that the key is"
                + " taken, and then that there is nothing; it was deleted just now, or there are objects below '" + key
                + "/' on a server that can't have both. Try again, or use another key");
    }
}
