package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves by counting that one bad file among thousands is found with a handful of reads, and that each good one has been read then. */
class FaultSearchTest {
    private static final List<Integer> FILES = IntStream.range(0, 5_000).boxed().toList();

    @TempDir
    static Path folder;

    private static LakeSession session;

    private final Set<Integer> readWell = new HashSet<>();
    private int reads;
    private long filesRead;

    @BeforeAll
    static void open() {
        session = new Pipeline(folder).session(SessionOptions.Access.CREATE);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void aFileThatTheErrorNamesIsFoundAtOnce() {
        assertThat(found(Set.of(1_234), "file-")).containsExactly(1_234);
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void anotherOneIsFoundByHalving() {
        assertThat(found(Set.of(4_999), "nobody-")).containsExactly(4_999);
        assertThat(reads).isLessThanOrEqualTo(15);
        reads = 0;
        assertThat(found(Set.of(0), "nobody-")).containsExactly(0);
        assertThat(reads).isLessThanOrEqualTo(27);
    }

    /** As when all were deleted meanwhile. */
    @Test
    void thousandsAreFoundWithoutLookingAtAllOthersForEach() {
        assertThat(found(new HashSet<>(FILES), "file-")).hasSize(FILES.size());
        assertThat(filesRead).isLessThan(300L * FILES.size());
    }

    @Test
    void severalAreFoundAndTheOthersAreRead() {
        Set<Integer> bad = Set.of(0, 17, 18, 2_500, 4_998);
        assertThat(found(bad, "nobody-")).containsExactlyInAnyOrderElementsOf(bad);
        assertThat(reads).isLessThanOrEqualTo(5 * 27);
    }

    private List<Integer> found(Set<Integer> bad, String named) {
        readWell.clear();
        List<Integer> found = new FaultSearch<Integer>(
                        session, some -> read(some, bad, named), file -> "file-" + file + ".")
                .search(FILES).stream().map(FaultSearch.Fault::file).toList();
        assertThat(readWell).hasSize(FILES.size() - bad.size()).doesNotContainAnyElementsOf(bad);
        return found;
    }

    /** Fails as the engine does: at the first bad one. */
    private void read(List<Integer> files, Set<Integer> bad, String named) {
        filesRead += files.size();
        reads++;
        files.stream()
                .filter(bad::contains)
                .findFirst()
                .ifPresent(file -> session.queryLong("SELECT CAST('" + named + file + ".' AS INTEGER)"));
        readWell.addAll(files);
    }
}
