package dev.millrace.cli;

import dev.millrace.cli.pipeline.QueryAnswer;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads the lake with SQL. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Query the lake, read only: one query, or a prompt when none is given.",
            "",
            "Datasets are tables by their names, the pipeline's own tables are in the schema millrace."
                    + " At the prompt a query ends with ';', and .quit or the end of the input ends it."
        },
        footer = {
            "",
            "Examples:",
            "  millrace sql 'SELECT carrier, count(*) FROM flights GROUP BY ALL'",
            "  millrace sql \"FROM millrace.ledger WHERE status = 'quarantined'\" --json"
        })
final class SqlCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Parameters(paramLabel = "QUERY", arity = "0..1", description = "The query; a prompt if not given.")
    private String query;

    @Option(
            names = "--max-rows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Print N rows at most, 0 for all of them; ${DEFAULT-VALUE} if not given.")
    private long maxRows;

    SqlCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
                session.execute("USE " + LakeSession.ALIAS);
                if (query != null) {
                    print(QueryAnswer.of(session, query, maxRows));
                    return ExitCode.DONE;
                }
                return prompt(session);
            }
        }
    }

    /** A wrong query ends a script, and not a conversation. */
    private ExitCode prompt(LakeSession session) throws IOException {
        PrintStream out = context.streams().out();
        BufferedReader input =
                new BufferedReader(new InputStreamReader(context.streams().in(), StandardCharsets.UTF_8));
        StringBuilder statement = new StringBuilder();
        ExitCode exitCode = ExitCode.DONE;
        while (true) {
            if (context.terminal()) {
                out.print(statement.isEmpty() ? "millrace> " : "     ...> ");
                out.flush();
            }
            String line = input.readLine();
            if (line == null || line.strip().equals(".quit")) {
                boolean lastIsComplete = statement.toString().isBlank();
                return lastIsComplete ? exitCode : execute(session, statement.toString(), exitCode);
            }
            statement.append(line).append('\n');
            if (line.strip().endsWith(";")) {
                exitCode = execute(session, statement.toString(), exitCode);
                statement.setLength(0);
                if (exitCode != ExitCode.DONE && !context.terminal()) {
                    return exitCode;
                }
            }
        }
    }

    private ExitCode execute(LakeSession session, String statement, ExitCode before) throws IOException {
        try {
            print(QueryAnswer.of(session, statement, maxRows));
            return context.terminal() ? ExitCode.DONE : before;
        } catch (LakeException e) {
            context.streams().err().println("millrace: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private void print(QueryAnswer result) throws IOException {
        if (global.json()) {
            JsonResult.print(context.streams().out(), result);
        } else {
            printTable(result, context.streams().out());
        }
    }

    private static void printTable(QueryAnswer answer, PrintStream out) {
        TextTable table = new TextTable(answer.columns());
        answer.rows()
                .forEach(row -> table.row(row.stream()
                        .map(value -> value == null ? "NULL" : value)
                        .toList()));
        table.print(out);
        String rows = Quantity.count(answer.rows().size());
        out.println(
                answer.truncated()
                        ? "(the first " + rows + " rows; --max-rows shows more)"
                        : "(" + rows + (answer.rows().size() == 1 ? " row)" : " rows)"));
    }
}
