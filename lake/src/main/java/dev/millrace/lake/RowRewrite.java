package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.RewriteSources.Source;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * All rows of a dataset written anew with other columns: first outside of any transaction, in groups of about the size of a lake file,
 * then put in the place of those that there are, inside of one. Belongs to its session's thread.
 */
final class RowRewrite {
    private static final String COLUMNS_SINCE = """
        SELECT max(begin_snapshot) FROM __ducklake_metadata_lake.ducklake_column WHERE table_id = ? AND end_snapshot IS NULL
        """;
    private static final String OF_DATASET = "SELECT %s FROM %s WHERE filename IN (%s) AND snapshot_id <= %d";
    private static final String COUNT = "SELECT count(*) FROM %s";
    private static final String END_ALL = "DELETE FROM %s";
    private static final String END_SOME = "DELETE FROM %s WHERE filename IN (%s)";

    /** The engine remembers each row of a statement's files until it is over: 6 bytes for each (measured, DuckLake d8a1881e). */
    private static final long ROWS_ENDED_AT_ONCE = 20_000_000;

    private final LakeSession session;
    private final Contract contract;
    private final RewritePlace place;
    private final DatasetTable table;
    private final DatasetFiles files;
    private final UnregisteredFiles unregistered;
    private final List<Group> groups = new ArrayList<>();

    /**
     * Rows that were written together.
     *
     * @param id begins the names of the files
     */
    record Group(String id, List<Source> before, List<WrittenFile> after) {
        Group {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        long rows() {
            return before.stream().mapToLong(Source::rows).sum();
        }

        RewriteSize size() {
            return new RewriteSources(0, before).size();
        }
    }

    /** @param columns that the rows get */
    RowRewrite(LakeSession session, Contract contract, RewritePlace place, List<LakeColumn> columns) {
        this.session = session;
        this.contract = contract;
        this.place = place;
        this.table = new DatasetTable(session, contract.dataset());
        this.files = new DatasetFiles(session, contract, 2 * place.targetFileBytes(), columns);
        this.unregistered = new UnregisteredFiles(session, place.lakeData());
    }

    /**
     * Writes the rows that are not written yet, and leaves out what has changed since it was written. When it fails, what was written is
     * removed.
     *
     * @param listener is told of each group
     * @throws RewriteChangedException when rows came or went while they were written
     */
    void catchUp(Consumer<RewriteSize> listener) {
        RewriteSources now = RewriteSources.read(session, table);
        Set<Source> there = new HashSet<>(now.sources());
        groups.removeIf(group -> !there.containsAll(group.before()));
        groups.forEach(group -> there.removeAll(group.before()));
        long columnsSince = session.queryLong(COLUMNS_SINCE, table.id());
        String id = "";
        try {
            for (List<Source> sources : RewritePlanner.plan(
                    now.sources().stream().filter(there::contains).toList(), columnsSince, place.targetFileBytes())) {
                id = BatchId.next().toString();
                boolean isDirect = sources.get(0).isOfColumnsSince(columnsSince);
                Group group = new Group(id, sources, write(id, sources, isDirect, now.snapshot()));
                groups.add(group);
                requireRows(group.rows(), rows(group.after()));
                listener.accept(group.size());
            }
        } catch (RewriteChangedException e) {
            groups.remove(groups.size() - 1);
            throw e;
        } catch (RuntimeException e) {
            unregistered.remove(files, id);
            groups.forEach(group -> unregistered.remove(files, group.id()));
            throw e;
        }
    }

    private List<WrittenFile> write(String id, List<Source> sources, boolean isDirect, long snapshot) {
        return isDirect
                ? unregistered.write(
                        files,
                        files.selectFromFiles(files.selectListOf(table.columns())),
                        id,
                        sources.stream().map(Source::path).toList())
                : unregistered.write(
                        files,
                        OF_DATASET.formatted(
                                files.selectListOf(table.columns()), table.sqlName(), paths(sources), snapshot),
                        id);
    }

    private static String paths(List<Source> sources) {
        return sources.stream().map(source -> SqlText.literal(source.path())).collect(Collectors.joining(", "));
    }

    /**
     * Puts what was written in the place of all rows, inside of the caller's transaction.
     *
     * @param columns what changes the columns, once there are no rows
     * @throws RewriteChangedException when what was written is not what the lake has
     */
    void exchange(Runnable columns) {
        RewriteSources now = RewriteSources.read(session, table);
        Set<Source> written =
                groups.stream().flatMap(group -> group.before().stream()).collect(Collectors.toSet());
        if (!written.equals(Set.copyOf(now.sources()))) {
            throw new RewriteChangedException(
                    "lake files came or went while the rows of dataset '" + contract.dataset() + "' were written anew");
        }
        Failpoint.BEFORE_END_FILES.pass();
        requireRows(now.rows(), end(now));
        Failpoint.AFTER_END_FILES.pass();
        columns.run();
        files.register(groups.stream()
                .flatMap(group -> group.after().stream())
                .map(WrittenFile::path)
                .toList());
        long registered = session.queryLong(COUNT.formatted(table.sqlName()));
        if (registered != now.rows()) {
            throw new LakeException("dataset '" + contract.dataset() + "': its " + now.rows()
                    + " rows would be " + registered
                    + " after they were written anew; nothing was changed. Report this");
        }
    }

    private long end(RewriteSources all) {
        long ended = 0;
        List<Source> some = new ArrayList<>();
        long rows = 0;
        for (Source source : all.sources()) {
            if (rows + source.rows() > ROWS_ENDED_AT_ONCE && !some.isEmpty()) {
                ended += session.update(END_SOME.formatted(table.sqlName(), paths(some)));
                some.clear();
                rows = 0;
            }
            some.add(source);
            rows += source.rows();
        }
        return some.isEmpty() ? ended : ended + session.update(END_ALL.formatted(table.sqlName()));
    }

    private void requireRows(long expected, long found) {
        if (expected != found) {
            throw new RewriteChangedException("dataset '" + contract.dataset() + "' had " + expected
                    + " rows in files that were written anew, and " + found + " when that was done");
        }
    }

    private static long rows(List<WrittenFile> written) {
        return written.stream().mapToLong(WrittenFile::rows).sum();
    }

    /** What was written until now. */
    List<Group> groups() {
        return List.copyOf(groups);
    }
}
