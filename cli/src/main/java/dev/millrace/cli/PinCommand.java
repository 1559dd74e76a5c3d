package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Pin;
import dev.millrace.lake.PinTable;
import dev.millrace.lake.Pinning;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps snapshots from expiring. */
@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        description = {
            "Keep a snapshot, and all files that it names, from expiring: until a date, or until the pin is removed.",
            "",
            "The lake as of that snapshot stays readable: SELECT ... FROM flights AT (VERSION => 1234). Where the"
                    + " snapshots are: millrace sql \"SELECT snapshot_id, snapshot_time FROM lake.snapshots()\""
        },
        footer = {
            "",
            "Examples:",
            "  millrace pin --note 'state of the yearly report' --until 400d",
            "  millrace pin 1234 --until 2027-12-31",
            "  millrace pin --list",
            "  millrace pin --remove 3f9a1c20"
        })
final class PinCommand implements Subcommand {
    private final ProcessContext context;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Parameters(paramLabel = "SNAPSHOT", arity = "0..1", description = "The snapshot; the newest if not given.")
    private Long snapshot;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why it is kept.")
    private String note;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description =
                    "When the pin ends: a duration from now (90d), a date (2027-12-31, to its end in UTC) or a time"
                            + " (2027-12-31T18:00:00Z); never if not given.")
    private String until;

    @Option(names = "--list", description = "Show all pins.")
    private boolean list;

    @Option(
            names = "--remove",
            paramLabel = "PIN",
            description = "Remove the pin with this id; may be given several times.")
    private List<String> remove = List.of();

    PinCommand(ProcessContext context) {
        this.context = context;
    }

    /**
     * The pins that were made, listed or removed, as they are printed; times are ISO-8601 in UTC, {@code until} is null for never.
     * {@code state}: held; ended, when its time is over; snapshot-gone, when it came too late; removed.
     */
    record Result(List<Entry> pins) {
        record Entry(
                String pin, long snapshot, String note, String pinnedAt, String pinnedBy, String until, String state) {}
    }

    @Override
    public ExitCode run() throws IOException {
        boolean givesPin = snapshot != null || note != null || until != null;
        if ((list ? 1 : 0) + (remove.isEmpty() ? 0 : 1) + (givesPin ? 1 : 0) > 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "either a snapshot is pinned, or pins are shown with --list, or removed with --remove");
        }
        Instant now = context.clock().instant();
        Optional<Instant> end = Optional.ofNullable(until).map(text -> end(text, now));
        SessionOptions.Access access = list ? SessionOptions.Access.READ : SessionOptions.Access.WRITE;
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(access)) {
            if (list) {
                return print(list(session, now));
            }
            List<Result.Entry> pins = new ArrayList<>();
            // The pin table tells of pins, but not of those that were removed.
            workspace
                    .operations()
                    .execution(remove.isEmpty() ? "pin" : "unpin", Execution.Shape.SINGLE)
                    .run(session, remove.isEmpty() ? "pin" : "unpin", Optional.empty(), () -> {
                        pins.addAll(
                                remove.isEmpty()
                                        ? pin(workspace.operations().pinning(session), end)
                                        : remove(workspace, session));
                        return new RunCounts(0, 0, 0, 0, pins.size());
                    });
            return print(pins);
        }
    }

    private Instant end(String text, Instant now) {
        try {
            return PinEnd.parse(text, now);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--until is '" + text + "'; allowed is " + e.getMessage(), e);
        }
    }

    private List<Result.Entry> pin(Pinning pinning, Optional<Instant> end) {
        long pinned = snapshot == null ? pinning.newestSnapshot() : snapshot;
        return List.of(entry(pinning.pin(pinned, note == null ? "" : note, end), "held"));
    }

    private List<Result.Entry> remove(Workspace workspace, LakeSession session) {
        Pinning pinning = workspace.operations().pinning(session);
        return remove.stream()
                .distinct()
                .map(pinning::remove)
                .map(pin -> entry(pin, "removed"))
                .toList();
    }

    private static List<Result.Entry> list(LakeSession session, Instant now) {
        return new PinTable(session)
                .entries().stream().map(e -> entry(e.pin(), state(e, now))).toList();
    }

    private static String state(PinTable.Entry entry, Instant now) {
        if (!entry.snapshotIsThere()) {
            return "snapshot-gone";
        }
        return entry.pin().holdsAt(now) ? "held" : "ended";
    }

    private static Result.Entry entry(Pin pin, String state) {
        return new Result.Entry(
                pin.id(),
                pin.snapshot(),
                pin.note(),
                pin.pinnedAt().toString(),
                pin.pinnedBy().toString(),
                pin.until().map(Instant::toString).orElse(null),
                state);
    }

    private ExitCode print(List<Result.Entry> pins) throws IOException {
        PrintStream out = context.streams().out();
        if (global.json()) {
            JsonResult.print(out, new Result(pins));
        } else if (list) {
            printTable(pins, out);
        } else {
            pins.forEach(pin -> out.println(
                    pin.state().equals("removed")
                            ? "pin " + pin.pin() + " of snapshot " + pin.snapshot() + " removed"
                            : "pin " + pin.pin() + " keeps snapshot " + pin.snapshot() + " "
                                    + (pin.until() == null ? "until it is removed" : "until " + pin.until())));
        }
        return ExitCode.DONE;
    }

    private static void printTable(List<Result.Entry> pins, PrintStream out) {
        if (pins.isEmpty()) {
            out.println("no snapshot is pinned");
            return;
        }
        TextTable table = new TextTable(List.of("pin", "snapshot", "state", "until", "pinned at", "pinned by", "note"));
        for (Result.Entry pin : pins) {
            table.row(List.of(
                    pin.pin(),
                    Long.toString(pin.snapshot()),
                    pin.state(),
                    pin.until() == null ? "-" : pin.until(),
                    pin.pinnedAt(),
                    pin.pinnedBy(),
                    pin.note()));
        }
        table.print(out);
    }
}
