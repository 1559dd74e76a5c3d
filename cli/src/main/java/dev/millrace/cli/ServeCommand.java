package dev.millrace.cli;

import dev.millrace.cli.serve.Metrics;
import dev.millrace.cli.serve.ProcessSignals;
import dev.millrace.cli.serve.Serve;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ingests and compacts by a schedule until it is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Ingest and compact by the schedules of the configuration, and answer over HTTP how that goes: a page at"
                    + " /, /health/live, /health/ready, /metrics, and /notify for notifications of the object store.",
            "",
            "SIGTERM and SIGINT end it within serve.stop; SIGHUP, or a change of its file, has the configuration read"
                    + " anew."
        },
        footer = {"", "Example:", "  millrace serve --config millrace.yaml"})
final class ServeCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    ServeCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException, InterruptedException {
        context.log().process("serve");
        StandardStreams log = StandardStreams.events(context, "serve");
        Metrics metrics = new Metrics();
        Serve serve = Serve.start(new Serve.Parts(
                () -> global.configuration(context),
                global.loader(context).find(global.config()),
                context.environment(),
                context.clock(),
                new IngestJob(context, metrics),
                new CompactJob(context, metrics),
                metrics,
                FailureReport::message,
                log.out()::println));
        CountDownLatch end = new CountDownLatch(1);
        ProcessSignals.handle("TERM", end::countDown);
        ProcessSignals.handle("INT", end::countDown);
        ProcessSignals.handle("HUP", serve::reload);
        log.out().println("answers at port " + serve.port());
        end.await();
        log.out().println("is about to end");
        boolean haveEnded = serve.stop();
        log.out().println(haveEnded ? "has ended" : "has ended, and left behind what did not end in time");
        return ExitCode.DONE;
    }
}
