package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.EngineType;
import dev.millrace.lake.Evolution;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.TypeFit;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * Proves of any schemas of a dataset and of files that each file is taken, after changes of the dataset perhaps, or refused, and that it
 * is the same in whatever order the files arrive.
 */
class SchemaFitProperties {
    /** It names nothing of what is generated but {@code a}, which had other names before. */
    private static final Schema SCHEMA = SchemaBuilder.record("Trip")
            .fields()
            .name("a")
            .aliases("alpha", "b")
            .type()
            .nullable()
            .longType()
            .noDefault()
            .endRecord();

    private static Contract contract(EvolutionPolicy evolution) {
        return new Contract(
                Pipeline.TRIPS, SCHEMA, List.of(), List.of(), dev.millrace.schemas.WriteMode.APPEND, evolution);
    }

    private static SchemaFit fit(EvolutionPolicy evolution, List<LakeColumn> table, List<LakeColumn> file) {
        return SchemaFit.of(contract(evolution), table, file);
    }

    @Property
    void aFileForWhichTheDatasetWasChangedFitsAndTheDatasetsOwnRowsDoToo(
            @ForAll EvolutionPolicy evolution,
            @ForAll("columns") List<LakeColumn> table,
            @ForAll("columns") List<LakeColumn> file) {
        SchemaFit fit = fit(evolution, table, file);
        if (fit instanceof SchemaFit.Fits fits) {
            List<LakeColumn> changed = ColumnChange.allTo(table, fits.changes());

            assertThat(fit(evolution, changed, file))
                    .isInstanceOfSatisfying(SchemaFit.Fits.class, again -> assertThat(again.changes())
                            .isEmpty());
            assertThat(changed.stream().map(LakeColumn::name))
                    .containsAll(table.stream().map(LakeColumn::name).toList());
            for (LakeColumn column : table) {
                EngineType after = changed.stream()
                        .filter(c -> c.name().equals(column.name()))
                        .findFirst()
                        .orElseThrow()
                        .engineType();
                assertThat(TypeFit.ofFile(column.name(), after, column.engineType()))
                        .isInstanceOf(TypeFit.Holds.class);
            }
            assertThat(fits.changes()).allSatisfy(change -> assertThat(change.hasHappened(changed))
                    .isTrue());
        }
    }

    @Property
    void whatIsNotWidenedIsDecidedAsIfNothingEverWere(
            @ForAll("columns") List<LakeColumn> table, @ForAll("columns") List<LakeColumn> file) {
        SchemaFit narrow = fit(EvolutionPolicy.ADD_COLUMNS, table, file);
        SchemaFit wide = fit(EvolutionPolicy.WIDEN, table, file);
        if (narrow instanceof SchemaFit.Fits) {
            assertThat(wide).isEqualTo(narrow);
        } else if (wide instanceof SchemaFit.Fits fits) {
            assertThat(fits.changes()).isNotEmpty();
        }
    }

    @Property
    void whatIsStrictNeverChanges(@ForAll("columns") List<LakeColumn> table, @ForAll("columns") List<LakeColumn> file) {
        if (fit(EvolutionPolicy.STRICT, table, file) instanceof SchemaFit.Fits fits) {
            assertThat(fits.changes()).isEmpty();
            assertThat(fit(EvolutionPolicy.ADD_COLUMNS, table, file)).isEqualTo(fits);
        }
    }

    @Property
    void aRefusalOfATypeNamesBoth(@ForAll("columns") List<LakeColumn> table, @ForAll("columns") List<LakeColumn> file) {
        if (fit(EvolutionPolicy.ADD_COLUMNS, table, file) instanceof SchemaFit.Misfit misfit
                && misfit.message().contains("has the type")) {
            assertThat(file).anySatisfy(column -> assertThat(misfit.message())
                    .contains("'" + column.name() + "'", " " + column.type() + " in the file"));
        }
    }

    @Property
    void theOrderOfArrivalDoesNotMatterWhereOneTypeHoldsAllThatFilesBring(
            @ForAll("columns") List<LakeColumn> table, @ForAll("files") List<Loadable> drawn, @ForAll long seed) {
        List<Loadable> files = drawn.stream()
                .filter(file -> fit(EvolutionPolicy.ADD_COLUMNS, table, file.columns()) instanceof SchemaFit.Fits)
                .map(file -> needing(
                        file, ((SchemaFit.Fits) fit(EvolutionPolicy.ADD_COLUMNS, table, file.columns())).changes()))
                .toList();
        List<Loadable> shuffled = new ArrayList<>(files);
        Collections.shuffle(shuffled, new Random(seed));
        boolean allAgree = files.stream().allMatch(one -> files.stream().allMatch(other -> agree(one, other)));

        List<LakeColumn> oneWay = after(table, files);
        List<LakeColumn> otherWay = after(table, shuffled);

        if (allAgree) {
            assertThat(files).allSatisfy(file -> {
                assertFitsAsItIs(oneWay, file);
                assertFitsAsItIs(otherWay, file);
            });
        } else if (!files.isEmpty()) {
            assertFitsAsItIs(after(table, files.subList(0, 1)), files.get(0));
        }
    }

    @Property
    void whatTheContractNamesIsDecidedTheSameWhoeverComesFirst(
            @ForAll("types") EngineType one, @ForAll("types") EngineType other) {
        List<LakeColumn> first = List.of(new LakeColumn("a", one.sql()));
        List<LakeColumn> second = List.of(new LakeColumn("alpha", other.sql()));
        List<LakeColumn> empty = List.of(new LakeColumn("id", "BIGINT"));
        SchemaFit alone = fit(EvolutionPolicy.ADD_COLUMNS, empty, second);
        if (fit(EvolutionPolicy.ADD_COLUMNS, empty, first) instanceof SchemaFit.Fits fits) {
            SchemaFit later = fit(EvolutionPolicy.ADD_COLUMNS, ColumnChange.allTo(empty, fits.changes()), second);
            assertThat(later instanceof SchemaFit.Fits).isEqualTo(alone instanceof SchemaFit.Fits);
        }
    }

    @Property
    void aTypeIsReadAsItWasWritten(@ForAll("types") EngineType type) {
        assertThat(EngineType.parse(type.sql())).isEqualTo(type);
    }

    @Property
    void anythingThatAnEngineMayCallATypeIsTakenAsItStands(@ForAll String text) {
        assertThat(EngineType.parse(text)).isNotNull();
    }

    @Example
    void aTypeThatIsNestedWithoutEndIsTakenAsItStands() {
        assertThat(EngineType.parse("STRUCT(a ".repeat(100_000) + "INTEGER" + ")".repeat(100_000)))
                .isInstanceOf(EngineType.Plain.class);
    }

    @Example
    void twoNamesOfOneColumnInAFileAreRefused() {
        List<LakeColumn> table = List.of(new LakeColumn("a", "BIGINT"));
        List<LakeColumn> file = List.of(new LakeColumn("alpha", "BIGINT"), new LakeColumn("b", "BIGINT"));

        assertThat(fit(EvolutionPolicy.STRICT, table, file))
                .isEqualTo(new SchemaFit.Misfit(
                        "it has the columns 'alpha' and 'b', which the contract takes for one; a file may have"
                                + " one of them"));
    }

    private static Loadable needing(Loadable file, List<ColumnChange> changes) {
        return new Loadable(file.file(), file.footer(), file.columns(), changes);
    }

    private static boolean agree(Loadable one, Loadable other) {
        return one.changes().stream().allMatch(a -> other.changes().stream().allMatch(b -> agree(a, b)));
    }

    private static boolean agree(ColumnChange one, ColumnChange other) {
        if (!one.subject().equalsIgnoreCase(other.subject())) {
            return true;
        }
        return one.subject().equals(other.subject())
                && TypeFit.union(type(one), type(other)).isPresent();
    }

    private static EngineType type(ColumnChange change) {
        return EngineType.parse(change.type().orElseThrow());
    }

    private static List<LakeColumn> after(List<LakeColumn> table, List<Loadable> files) {
        return ColumnChange.allTo(
                table, NeededChanges.of(files).stream().map(Evolution::change).toList());
    }

    private static void assertFitsAsItIs(List<LakeColumn> table, Loadable file) {
        assertThat(fit(EvolutionPolicy.ADD_COLUMNS, table, file.columns()))
                .as("%s in %s", file.columns(), table)
                .isInstanceOfSatisfying(
                        SchemaFit.Fits.class, fits -> assertThat(fits.changes()).isEmpty());
    }

    @Provide
    Arbitrary<EngineType> types() {
        return EngineTypes.types(3);
    }

    @Provide
    Arbitrary<List<LakeColumn>> columns() {
        return EngineTypes.columns();
    }

    @Provide
    Arbitrary<List<Loadable>> files() {
        return Combinators.combine(Arbitraries.integers().between(0, 1_000_000), EngineTypes.columns())
                .as((name, columns) -> new Loadable(
                        new StagedObject("trips/p/" + name + ".parquet", 100, Instant.EPOCH),
                        new Footer(1, columns.toString(), false, Optional.empty()),
                        columns,
                        List.of()))
                .list()
                .ofMaxSize(5)
                .uniqueElements(file -> file.file().key());
    }
}
