package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a column is loaded right under whatever name another writer gives it, or its file is refused, and that names do nothing. */
@Tag("slow")
@Tag("stand")
class HostileColumnsTest {
    private static final List<String> TAKEN = List.of(
            "'; DROP TABLE lake.odd; --",
            "\"; DROP TABLE lake.odd; --",
            "it's \"quoted\"",
            "\"",
            "'",
            "select",
            " ",
            "a.b",
            "a/b",
            "..",
            "$1",
            "?",
            "%s",
            "{0}",
            "a,b",
            "(a)",
            "[1]",
            "*",
            "a\nb",
            "a\u0001b",
            "tab\t",
            "\u202eright to left",
            "zero\u200bwidth",
            "\u00fcber",
            "u\u0308ber",
            "\uD83D\uDE00",
            "lake.millrace.ledger",
            "s3://elsewhere/a?s3_endpoint=127.0.0.1:1",
            "rowid",
            "file_row_number",
            "filename_",
            "x".repeat(5_000));

    private static final List<List<String>> REFUSED =
            List.of(List.of("ID"), List.of("both", "BOTH"), List.of("filename"), List.of("Snapshot_Id"), List.of(""));

    @TempDir
    Path folder;

    @Test
    void aColumnIsLoadedUnderItsNameOrRefusedForIt() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/odd.avsc"), """
                {"type": "record", "name": "R", "fields": [{"name": "id", "type": "long"}]}""");
        Files.writeString(folder.resolve("contracts/odd.yaml"), "dataset: odd\nschema: odd.avsc\n");
        run("init");
        for (int file = 0; file < TAKEN.size(); file++) {
            put(file, List.of(TAKEN.get(file)));
        }
        for (int file = 0; file < REFUSED.size(); file++) {
            put(1_000 + file, REFUSED.get(file));
        }

        run("ingest");
        holds();
        run("compact", "--full");
        holds();
    }

    private void put(int id, List<String> columns) throws IOException {
        List<Type> types = new ArrayList<>();
        types.add(Types.required(PrimitiveTypeName.INT64).named("id"));
        columns.forEach(
                column -> types.add(Types.optional(PrimitiveTypeName.INT32).named(column)));
        Path file = folder.resolve(id + ".parquet");
        ForeignFile.write(
                file,
                new MessageType("odd", types),
                List.of(Map.of("id", (long) id, columns.get(0), id * 10)),
                builder -> builder);
        StoreStand stand = StoreStand.current();
        stand.write(stand.store(folder, "staging"), "odd/p/" + id + ".parquet", Files.readAllBytes(file));
    }

    private void holds() {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.READ)) {
            assertThat(session.query(
                            "SELECT regexp_extract(staged_key, '[0-9]+') || ' ' || reason || ' ' || message"
                                    + " FROM lake.millrace.ledger WHERE status <> 'loaded' ORDER BY staged_key",
                            row -> row.getString(1)))
                    .hasSize(REFUSED.size())
                    .allSatisfy(
                            refused -> assertThat(refused).matches("(?s)1[0-9]{3} (schema-mismatch|not-parquet) .+"));
            for (int file = 0; file < TAKEN.size(); file++) {
                String name = SqlText.identifier(TAKEN.get(file));
                assertThat(session.query(
                                "SELECT id || ' ' || o." + name + " FROM lake.odd o WHERE o." + name + " IS NOT NULL",
                                row -> row.getString(1)))
                        .as(TAKEN.get(file))
                        .containsExactly(file + " " + file * 10);
            }
            assertThat(session.queryLong("SELECT count(*) FROM lake.odd")).isEqualTo(TAKEN.size());
        }
    }

    private void run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    }
}
