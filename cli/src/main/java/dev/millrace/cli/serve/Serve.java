package dev.millrace.cli.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Ingests and compacts by a schedule, looks at the lake in between, and answers over HTTP. From {@link #start} to {@link #stop};
 * thread-safe.
 */
public final class Serve {
    private static final Duration FILE_LOOKED_AT_EVERY = Duration.ofSeconds(2);

    /** A look may be missed, and another one may take long. */
    private static final int LOOKS_UNTIL_STALE = 3;

    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    /**
     * What it works with.
     *
     * @param load reads the configuration, and throws when it can't be used
     * @param file that it is read from; none when only variables are
     * @param ingest brings in what is staged
     * @param compact merges and cleans
     * @param metrics that the jobs count in
     * @param failureWords says in a line what a failure was
     * @param log is told in a sentence what people may want to know later
     */
    public record Parts(
            Supplier<Configuration> load,
            Optional<Path> file,
            Map<String, String> environment,
            Clock clock,
            Job ingest,
            Job compact,
            Metrics metrics,
            Function<Throwable, String> failureWords,
            Consumer<String> log) {}

    private final Settings settings;
    private final Parts parts;
    private final LakeLook lakeLook;
    private final History history = new History();
    private final Map<JobKind, JobLoop> loops = new EnumMap<>(JobKind.class);
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "serve-configuration");
        thread.setDaemon(true);
        return thread;
    });
    private final WebServer web;
    private volatile Optional<Look> look = Optional.empty();
    private volatile boolean isStopping;
    private volatile ScheduledFuture<?> watching;

    private Serve(Parts parts, Settings settings) throws IOException {
        this.parts = parts;
        this.settings = settings;
        this.lakeLook =
                new LakeLook(parts.environment(), parts.clock(), parts.metrics().observers());
        Map<JobKind, Job> jobs =
                Map.of(JobKind.INGEST, parts.ingest(), JobKind.COMPACT, parts.compact(), JobKind.LOOK, this::look);
        for (JobKind kind : JobKind.values()) {
            loops.put(kind, new JobLoop(kind, jobs.get(kind), settings::configuration, parts.clock(), this::ended));
        }
        this.web = WebServer.start(settings.configuration().serve().listen(), endpoints(), settings::token);
    }

    /**
     * Starts.
     *
     * @throws dev.millrace.cli.config.ConfigurationException when it can't be used, or lets anybody in
     * @throws IOException when it can't listen
     */
    public static Serve start(Parts parts) throws IOException {
        Serve serve = new Serve(parts, new Settings(parts.load(), parts.file(), parts.environment(), parts.log()));
        serve.begin();
        return serve;
    }

    private void begin() {
        parts.metrics()
                .watch(() -> unreadiness().isEmpty(), () -> settings.refusal().isPresent());
        loops.forEach((kind, loop) -> parts.metrics().watch(kind, loop::state));
        loops.values().forEach(JobLoop::start);
        watching = watcher.scheduleWithFixedDelay(
                this::watch, FILE_LOOKED_AT_EVERY.toMillis(), FILE_LOOKED_AT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The port that it answers at. */
    public int port() {
        return web.port();
    }

    /** Reads the configuration anew; one that can't be used leaves the one before in force. */
    public void reload() {
        settings.reload();
        loops.values().forEach(JobLoop::reschedule);
    }

    private void watch() {
        if (settings.reloadIfChanged()) {
            loops.values().forEach(JobLoop::reschedule);
        }
    }

    /**
     * Stops: what runs is asked to end, and waited for up to {@code serve.stop}. What has not ended then is left behind: it is as
     * if it were killed, which the next run of its kind makes up for.
     *
     * @return whether all has ended
     */
    public boolean stop() throws InterruptedException {
        isStopping = true;
        watching.cancel(true);
        watcher.shutdownNow();
        Instant deadline =
                parts.clock().instant().plus(settings.configuration().serve().stop());
        loops.values().forEach(JobLoop::askToStop);
        boolean haveEnded = true;
        for (JobLoop loop : loops.values()) {
            haveEnded &= loop.awaitEnd(Duration.between(parts.clock().instant(), deadline));
        }
        web.close();
        return haveEnded;
    }

    private JobEnd look(Configuration configuration, Set<DatasetName> only, BooleanSupplier isStopAsked) {
        try {
            Look seen = lakeLook.look(configuration);
            look = Optional.of(seen);
            history.add(seen);
            parts.metrics().looked(seen, parts.clock().instant());
            return JobEnd.succeeded();
        } catch (RuntimeException e) {
            return JobEnd.failed(parts.failureWords().apply(e));
        }
    }

    private void ended(JobKind kind, JobState.Last last) {
        parts.metrics().ended(kind, last);
        boolean isNews = kind == JobKind.LOOK && loops.get(kind).state().failuresInARow() == 1;
        if (isNews) {
            parts.log().accept("the lake can't be looked at: " + last.end().message());
        }
    }

    private Map<String, Endpoint> endpoints() {
        Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        endpoints.put("/health/live", Endpoint.open(request -> live()));
        endpoints.put("/health/ready", Endpoint.open(request -> ready(request.isTrusted())));
        endpoints.put("/notify", Endpoint.post(this::notified));
        endpoints.put(
                "/metrics",
                Endpoint.closed(request ->
                        Reply.of(Reply.OK, Reply.PROMETHEUS, parts.metrics().scrape())));
        endpoints.put("/", Endpoint.closed(request -> Reply.of(Reply.OK, Reply.HTML, StatusPage.of(content()))));
        endpoints.put(
                "/api/history",
                Endpoint.closed(
                        request -> Reply.of(Reply.OK, Reply.JSON, history.json().toString())));
        WebFiles.all().forEach((path, reply) -> endpoints.put(path, Endpoint.closed(request -> reply)));
        return endpoints;
    }

    private StatusPage.Content content() {
        return new StatusPage.Content(
                parts.clock().instant(),
                unreadiness(),
                loops.values().stream().map(JobLoop::state).toList(),
                look);
    }

    private Reply live() {
        boolean isAlive = loops.values().stream().allMatch(JobLoop::isAlive);
        return Reply.of(
                isAlive ? Reply.OK : Reply.UNAVAILABLE,
                Reply.JSON,
                JsonNodeFactory.instance.objectNode().put("live", isAlive).toString());
    }

    /** @param isTrusted whether the reasons may be told: they name addresses */
    private Reply ready(boolean isTrusted) {
        Map<String, String> reasons = unreadiness();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("ready", reasons.isEmpty());
        if (isTrusted) {
            ArrayNode list = json.putArray("reasons");
            reasons.forEach((what, why) -> list.addObject().put("what", what).put("why", why));
        }
        return Reply.of(reasons.isEmpty() ? Reply.OK : Reply.UNAVAILABLE, Reply.JSON, json.toString());
    }

    private Map<String, String> unreadiness() {
        Map<String, String> reasons = new LinkedHashMap<>();
        if (isStopping) {
            reasons.put("process", "it is about to end");
        }
        JobState state = loops.get(JobKind.LOOK).state();
        Instant now = parts.clock().instant();
        state.last()
                .filter(last -> last.end().outcome() == JobEnd.Outcome.FAILED)
                .ifPresent(last -> reasons.put("lake", last.end().message()));
        if (reasons.isEmpty() && state.last().isEmpty()) {
            reasons.put("lake", "it was not looked at yet");
        }
        look.map(Look::at)
                .filter(at -> reasons.isEmpty() && at.plus(staleAfter()).isBefore(now))
                .ifPresent(at -> reasons.put(
                        "lake", "it was looked at last at " + at + ", and the next look does not come to an end"));
        return reasons;
    }

    private Duration staleAfter() {
        Instant any = Instant.EPOCH;
        Instant next = settings.configuration()
                .serve()
                .look()
                .next(Optional.of(any), any)
                .orElse(any);
        return Duration.between(any, next).multipliedBy(LOOKS_UNTIL_STALE).plus(LONGEST_LOOK);
    }

    private Reply notified(Endpoint.Request request) {
        if (!request.contentType().startsWith(Reply.JSON)) {
            // Also what keeps pages of other sites from asking: they may not send this without being let.
            return Reply.text(Reply.WRONG_CONTENT_TYPE, "send " + Reply.JSON);
        }
        Configuration configuration = settings.configuration();
        if (!(configuration.staging() instanceof StorageAddress.S3Prefix staging)) {
            return Reply.text(
                    Reply.NOT_FOUND, "the staging area is a directory, of which no store sends notifications");
        }
        try {
            Set<DatasetName> datasets = new Notification(staging).datasets(request.body());
            if (!datasets.isEmpty()) {
                loops.get(JobKind.INGEST).tell(datasets);
            }
            return Reply.text(Reply.ACCEPTED, datasets.isEmpty() ? "nothing for an ingest" : "an ingest follows");
        } catch (IOException e) {
            return Reply.text(Reply.BAD_REQUEST, "this is not the JSON of an S3 event notification");
        }
    }
}
