package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gives a dataset that never had a row the columns of the same one in another lake. Belongs to its session's thread. */
public final class AdoptedColumns {
    private final LakeSession session;
    private final DatasetTable table;
    private final DatasetName dataset;

    public AdoptedColumns(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
        this.table = new DatasetTable(session, dataset);
    }

    /** Whether it has all of them, with their types. */
    public boolean areThere(List<LakeColumn> others) {
        return table.columns().containsAll(others);
    }

    /**
     * Adopts them, inside of the caller's transaction: wider types, more fields, and those that it does not have.
     *
     * @param others the columns in the other lake
     * @throws LakeException when it has one of them with a type whose values do not all go into the other one
     */
    public void adopt(List<LakeColumn> others) {
        Map<String, LakeColumn> byName =
                others.stream().collect(Collectors.toMap(LakeColumn::name, other -> other, (a, b) -> a));
        List<LakeColumn> own = table.columns();
        List<LakeColumn> adopted = new ArrayList<>();
        for (LakeColumn column : own) {
            LakeColumn other = byName.getOrDefault(column.name(), column);
            requireWider(column, other);
            adopted.add(other);
            byName.remove(column.name());
        }
        if (!adopted.equals(own)) {
            new ChangedColumns(session, table).change(adopted);
        }
        others.stream()
                .filter(other -> byName.containsKey(other.name()))
                .forEach(other -> session.execute(
                        new ColumnChange.ColumnAdded(other.name(), other.engineType()).statement(table.sqlName())));
    }

    private void requireWider(LakeColumn own, LakeColumn other) {
        if (!(TypeFit.ofFile(own.name(), other.engineType(), own.engineType()) instanceof TypeFit.Holds)) {
            throw new LakeException("dataset '" + dataset + "': the column '" + own.name() + "' is " + other.type()
                    + " in the lake that it comes from and " + own.type()
                    + " in the other one; make that one with the contracts of this one");
        }
    }
}
