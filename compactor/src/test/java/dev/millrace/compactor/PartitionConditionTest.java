package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** Proves that a step says by its partitions where its rows are, and says nothing where a value could be taken for another one. */
class PartitionConditionTest {
    @Test
    void datesAndWholeNumbersAreNamed() {
        assertThat(of(List.of("day"), "2026-11-21", "2026-11-22", "2026-11-21"))
                .isEqualTo(" AND \"day\" IN ('2026-11-21', '2026-11-22')");
        assertThat(of(List.of("day", "site"), "2026-11-21/7", "2026-11-22/-8"))
                .isEqualTo(" AND \"day\" IN ('2026-11-21', '2026-11-22') AND \"site\" IN ('7', '-8')");
    }

    @Test
    void whatIsMissingOrUnclearIsNot() {
        assertThat(of(List.of())).isEmpty();
        assertThat(of(List.of("day"), "2026-11-21", "NULL")).isEmpty();
        assertThat(of(List.of("day"), "")).isEmpty();
        assertThat(of(List.of("day", "site"), "2026-11-21")).isEmpty();
        assertThat(of(List.of("name"), "a/b")).isEmpty();
        assertThat(of(List.of("day", "name"), "2026-11-21/a")).isEmpty();
    }

    private static String of(List<String> partitionBy, String... partitions) {
        Schema date = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        Contract contract = new Contract(
                DatasetName.parse("readings"),
                SchemaBuilder.record("Reading")
                        .fields()
                        .name("day")
                        .type(date)
                        .noDefault()
                        .requiredInt("site")
                        .requiredString("name")
                        .endRecord(),
                partitionBy,
                List.of(),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
        return PartitionCondition.of(contract, List.of(partitions));
    }
}
