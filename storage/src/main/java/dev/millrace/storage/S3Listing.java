package dev.millrace.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists what is below a prefix. A page can't be asked for before the page in front of it has come, so where there is more than
 * one page, the folders below the prefix are listed side by side. Thread-safe.
 *
 * @param threads make the requests
 */
record S3Listing(S3Client client, ExecutorService threads, S3Place place, S3Failures failures) {
    /** This many pages are in memory at most. */
    private static final int REQUESTS_AT_ONCE = 8;

    /** Each folder costs a request at least, which is dear where it holds a few objects only. */
    private static final int MAX_FOLDERS = 100;

    private static final String RIGHT = "s3:ListBucket";

    /** XML 1.0 has no control characters: one key with one of them would make the whole page unreadable. The SDK decodes. */
    static final EncodingType KEYS = EncodingType.URL;

    /** One page to ask for; the token is null for the first one of a prefix. */
    private record Request(String prefix, String token) {}

    private record Answer(Request request, ListObjectsV2Response page) {}

    /** As {@link ObjectStore#list}; the consumer is called by the calling thread. */
    void list(String prefix, Consumer<List<StoredObject>> page) {
        String start = place.prefixInBucket(prefix);
        Deque<Request> waiting = new ArrayDeque<>();
        try {
            ListObjectsV2Response first = ask(new Request(start, null));
            ListObjectsV2Response shown = first;
            if (hasMore(first)) {
                ListObjectsV2Response level = client.listObjectsV2(r ->
                        r.bucket(place.bucket()).prefix(start).delimiter("/").encodingType(KEYS));
                if (isWorthDividing(level)) {
                    shown = level;
                    level.commonPrefixes().stream()
                            .map(CommonPrefix::prefix)
                            .filter(folder -> !isHidden(folder, start))
                            .forEach(folder -> waiting.add(new Request(folder, null)));
                } else {
                    waiting.add(new Request(start, first.nextContinuationToken()));
                }
            }
            show(shown, start, page);
        } catch (SdkException e) {
            throw failed(start, e);
        }
        askSideBySide(waiting, start, page);
    }

    /** As {@link ObjectStore#folders}. */
    List<String> folders() {
        String start = place.prefix();
        try {
            return client
                    .listObjectsV2Paginator(
                            r -> r.bucket(place.bucket()).prefix(start).delimiter("/"))
                    .commonPrefixes()
                    .stream()
                    .map(CommonPrefix::prefix)
                    .filter(folder -> !isHidden(folder, start))
                    .map(folder -> folder.substring(start.length(), folder.length() - 1))
                    .sorted()
                    .toList();
        } catch (SdkException e) {
            throw failed(start, e);
        }
    }

    private void askSideBySide(Deque<Request> waiting, String start, Consumer<List<StoredObject>> page) {
        CompletionService<Answer> answers = new ExecutorCompletionService<>(threads);
        List<Future<Answer>> toCancel = new ArrayList<>();
        int running = 0;
        try {
            while (!waiting.isEmpty() || running > 0) {
                toCancel.removeIf(Future::isDone);
                while (!waiting.isEmpty() && running < REQUESTS_AT_ONCE) {
                    Request next = waiting.remove();
                    toCancel.add(answers.submit(() -> new Answer(next, ask(next))));
                    running++;
                }
                Answer answer = answers.take().get();
                running--;
                if (hasMore(answer.page())) {
                    waiting.addFirst(
                            new Request(answer.request().prefix(), answer.page().nextContinuationToken()));
                }
                show(answer.page(), start, page);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("cannot list " + shown(start) + ": interrupted; start it again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SdkException cause) {
                throw failed(start, cause);
            }
            throw new IllegalStateException("the listing of " + shown(start) + " failed", e.getCause());
        } finally {
            toCancel.forEach(request -> request.cancel(true));
        }
    }

    private ListObjectsV2Response ask(Request request) {
        return client.listObjectsV2(r -> r.bucket(place.bucket())
                .prefix(request.prefix())
                .continuationToken(request.token())
                .maxKeys(ObjectStore.PAGE_OBJECTS)
                .encodingType(KEYS));
    }

    private void show(ListObjectsV2Response answer, String start, Consumer<List<StoredObject>> page) {
        List<StoredObject> objects = answer.contents().stream()
                .filter(object -> !object.key().endsWith("/") && !isHidden(object.key(), start))
                .map(this::stored)
                .toList();
        ListedPage.handOver(objects, page);
    }

    private StoredObject stored(S3Object object) {
        return new StoredObject(place.key(object.key()), object.size(), object.lastModified());
    }

    private static boolean hasMore(ListObjectsV2Response page) {
        return Boolean.TRUE.equals(page.isTruncated());
    }

    private static boolean isWorthDividing(ListObjectsV2Response level) {
        int folders = level.commonPrefixes().size();
        return !hasMore(level) && folders > 1 && folders <= MAX_FOLDERS;
    }

    private static boolean isHidden(String key, String start) {
        return key.startsWith(".", start.length()) || key.indexOf("/.", start.length()) >= 0;
    }

    private StorageException failed(String start, SdkException e) {
        return failures.failed("cannot list " + shown(start), RIGHT, e);
    }

    private String shown(String start) {
        return "'" + place.key(start) + "' in " + place.root();
    }
}
