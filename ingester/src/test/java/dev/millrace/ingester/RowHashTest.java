package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.FooterKeys;
import dev.millrace.schemas.RowHashSql;
import dev.millrace.staging.AllTypes;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves that the row hashes in the footers of staged files sum up to the one of the lake's table, and that it tells a change. */
@Tag("slow")
@Tag("stand")
class RowHashTest {
    private static final List<Column> COLUMNS = AllTypes.CONTRACT.columns();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theLakeHoldsWhatTheFootersSayUntilOneValueChanges(AllTypesLake.Way way) {
        AllTypesLake lake = AllTypesLake.ingested(folder, way, 11);
        try (LakeSession session = lake.open()) {
            String staged = sumOfFooters(session, lake.pipeline.staging);
            assertThat(hashOfLake(session)).isEqualTo(staged);

            AllTypesLake.merge(session, "all_types");
            assertThat(AllTypesLake.lakeFiles(session)).isEqualTo(1);
            assertThat(hashOfLake(session)).isEqualTo(staged);

            session.execute("UPDATE lake.all_types SET text = coalesce(text, '') || '!' WHERE id = 7");
            assertThat(hashOfLake(session)).isNotEqualTo(staged);
        }
    }

    private static String hashOfLake(LakeSession session) {
        return session.queryOne(
                        "SELECT " + RowHashSql.aggregate(COLUMNS) + " FROM lake.all_types", row -> row.getString(1))
                .orElseThrow();
    }

    private static String sumOfFooters(LakeSession session, ObjectStore staging) {
        List<String> files = new ArrayList<>();
        staging.list("all_types/", page -> page.forEach(object -> files.add(staging.address(object.key()))));
        List<String> hashes = session.query(
                "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = ?",
                row -> row.getString(1),
                files,
                FooterKeys.ROW_HASH);
        assertThat(hashes).hasSize(AllTypesLake.FILES).doesNotHaveDuplicates();
        long sum = hashes.stream()
                .mapToLong(hash -> Long.parseUnsignedLong(hash, 16))
                .sum();
        return String.format("%016x", sum);
    }
}
