package dev.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/** Proves that the schema made of columns means these columns, also when it was written to a file and read again. */
class AvroSchemaOfTest {
    private static final DatasetName TRIPS = DatasetName.parse("trips");

    @Property(tries = 300)
    void theColumnsComeBack(@ForAll("columnLists") List<Column> columns) {
        Schema schema = AvroSchemaOf.columns(TRIPS, columns);

        assertThat(AvroTypeMapping.columns(new Schema.Parser().parse(SchemaFormatter.format("json/pretty", schema))))
                .isEqualTo(columns);
    }

    @Example
    void aNameThatAvroRefusesIsNamedWithItsPath() {
        Column street = new Column("street no", LakeType.Scalar.VARCHAR, false);
        Column address = new Column("address", new LakeType.StructType(List.of(street)), false);

        assertThatThrownBy(() -> AvroSchemaOf.columns(TRIPS, List.of(address)))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContaining("'address.street no'");
    }

    @Provide
    Arbitrary<List<Column>> columnLists() {
        return Combinators.combine(types(2).list().ofMinSize(1).ofMaxSize(5), Arbitraries.of(true, false))
                .as((types, required) -> columns(types, required));
    }

    private static List<Column> columns(List<LakeType> types, boolean required) {
        List<Column> columns = new ArrayList<>();
        types.forEach(type -> columns.add(new Column("c" + columns.size(), type, required)));
        return List.copyOf(columns);
    }

    private static Arbitrary<LakeType> types(int depth) {
        Arbitrary<LakeType> plain = Arbitraries.oneOf(
                Arbitraries.of(LakeType.Scalar.values()).map(type -> type),
                Arbitraries.integers()
                        .between(1, 38)
                        .map(precision -> new LakeType.DecimalType(precision, precision / 2)));
        return depth == 0
                ? plain
                : Arbitraries.oneOf(
                        plain,
                        types(depth - 1).map(LakeType.ListType::new),
                        types(depth - 1).map(LakeType.MapType::new),
                        types(depth - 1)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(fields -> new LakeType.StructType(columns(fields, false))));
    }
}
