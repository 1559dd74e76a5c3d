package dev.millrace.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.millrace.failpoint.FailpointListener;
import dev.millrace.lake.LakeSession;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that the production classes keep the layers, the names and the forbidden calls of the design. */
class ArchitectureTest {
    private static final String OURS = "dev.millrace..";

    /** Tests run in the folder of their module. */
    private static final Path REPOSITORY = Path.of("..");

    private static final int SOURCE_DEPTH = 12;

    private static JavaClasses production;

    @BeforeAll
    static void readTheClasses() {
        production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                // What the modules lend each other for tests.
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("dev.millrace");
        assertThat(production.size()).isGreaterThan(100);
    }

    @ParameterizedTest(name = "{0} uses {1}")
    @MethodSource("layers")
    void aModuleUsesOnlyThoseBelowIt(String module, List<String> below) {
        String[] allowed = Stream.concat(Stream.of(module), below.stream())
                .map(name -> "dev.millrace." + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.millrace." + module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(OURS).and(not(resideInAnyPackage(allowed))))
                .check(production);
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("schemas", List.of()),
                Arguments.of("failpoint", List.of()),
                Arguments.of("storage", List.of("failpoint")),
                Arguments.of("infra", List.of()),
                Arguments.of("staging", List.of("schemas", "storage")),
                Arguments.of("lake", List.of("schemas", "storage", "failpoint")),
                Arguments.of("ingester", List.of("schemas", "storage", "lake", "failpoint")),
                Arguments.of("compactor", List.of("schemas", "storage", "lake", "failpoint")),
                Arguments.of(
                        "cli", List.of("schemas", "storage", "staging", "lake", "ingester", "compactor", "infra")));
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.millrace.(**)").should().beFreeOfCycles().check(production);
    }

    @Test
    void producersNeedNoDatabase() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.millrace.schemas..", "dev.millrace.storage..", "dev.millrace.staging..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.duckdb..")
                .check(production);
    }

    @Test
    void theDriverIsUsedByWayOfJdbcOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.duckdb..")
                .check(production);
    }

    /** So that nothing a user sets can stop the pipeline at a failpoint. */
    @Test
    void whatIsShippedCannotListenToFailpoints() {
        assertThat(production.stream().map(JavaClass::getSimpleName)).contains("Failpoint");
        noClasses().should().implement(FailpointListener.class).check(production);
    }

    @Test
    void decidingIsPure() {
        ArchRule rule = noClasses()
                .that()
                .haveNameMatching(".*\\.(BatchPlanner|MergePlanner|OrphanPlanner|ExpiryPlanner|SchemaFit)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "java.nio.file..", "java.io..")
                        .or(belongToAnyOf(Clock.class, LakeSession.class, ObjectStore.class)))
                .orShould()
                .accessTargetWhere(target(owner(equivalentTo(Instant.class))).and(target(name("now"))));
        rule.check(production);
        assertThat(production.stream().map(JavaClass::getSimpleName))
                .contains("BatchPlanner", "MergePlanner", "OrphanPlanner", "ExpiryPlanner", "SchemaFit");
    }

    @Test
    void judgingIsPure() {
        noClasses()
                .that()
                .haveNameMatching("dev\\.millrace\\.cli\\.doctor\\.[A-Za-z]+Verdict(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "java.io..")
                        .or(belongToAnyOf(Clock.class, Files.class, LakeSession.class, ObjectStore.class)))
                .check(production);
    }

    @Test
    void onlyTheEngineAndTheSessionOpenConnections() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.millrace.lake.engine")
                .and()
                .doNotHaveFullyQualifiedName("dev.millrace.lake.EngineConnection")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(DriverManager.class)
                .check(production);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Base|Common)")
                .check(production);
    }

    @Test
    void methodsAreNamedWithoutGet() {
        methods()
                .that()
                .haveNameMatching("get[A-Z].*")
                .should(overrideOneOfALibrary())
                .check(production);
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that(not(belongToAnyOf(Millrace.class)))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(production);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .accessTargetWhere(target(owner(equivalentTo(Thread.class))).and(target(name("sleep"))))
                .check(production);
    }

    /** The process's clock enters where a command starts, and as the default of what a producer opens by itself. */
    @Test
    void theTimeComesFromAClockThatIsHandedIn() {
        noClasses()
                .that(not(belongToAnyOf(
                        ProcessContext.class, StagingWriterOptions.class, DirectoryStore.class, S3Store.class)))
                .should()
                .accessTargetWhere(target(owner(equivalentTo(Clock.class))).and(target(nameStartingWith("system"))))
                .orShould()
                .accessTargetWhere(target(owner(equivalentTo(System.class))).and(target(name("currentTimeMillis"))))
                .orShould()
                .accessTargetWhere(
                        target(owner(resideInAnyPackage("java.time..").as("java.time")))
                                .and(target(name("now"))))
                .check(production);
    }

    @Test
    void everyPackageIsDescribed() throws IOException {
        Set<Path> packages = new TreeSet<>();
        try (Stream<Path> files = Files.find(
                REPOSITORY, SOURCE_DEPTH, (file, attributes) -> file.toString().endsWith(".java"))) {
            files.filter(file -> file.toString().contains("/src/main/java/")).forEach(f -> packages.add(f.getParent()));
        }
        assertThat(packages).hasSizeGreaterThan(8).allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                .exists());
    }

    private static ArchCondition<JavaMethod> overrideOneOfALibrary() {
        return new ArchCondition<>("override a library's method") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean overrides = Stream.concat(
                                method.getOwner().getAllRawSuperclasses().stream(),
                                method.getOwner().getAllRawInterfaces().stream())
                        .filter(type -> !type.getPackageName().startsWith("dev.millrace"))
                        .flatMap(type -> type.getMethods().stream())
                        .anyMatch(inherited -> inherited.getName().equals(method.getName())
                                && inherited.getRawParameterTypes().equals(method.getRawParameterTypes()));
                events.add(new SimpleConditionEvent(method, overrides, method.getDescription()));
            }
        };
    }
}
