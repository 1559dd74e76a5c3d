package dev.millrace.ingester.audit;

import dev.millrace.lake.ColumnSources;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.RowHashSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a dataset as the row hash takes them: those of the contract, and those that files have brought beyond it.
 *
 * @param unknown names of columns whose type the hash does not know, since no contract can have it; then no hash can be computed
 */
record HashedColumns(ColumnSources sources, List<Column> columns, List<String> unknown) {
    HashedColumns {
        columns = List.copyOf(columns);
        unknown = List.copyOf(unknown);
    }

    static HashedColumns of(Contract contract, List<LakeColumn> lake) {
        List<Column> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (LakeColumn column : lake) {
            column.engineType()
                    .lakeType()
                    .ifPresentOrElse(
                            type -> columns.add(new Column(column.name(), type, false)),
                            () -> unknown.add(column.name()));
        }
        return new HashedColumns(new ColumnSources(contract.aliases(), lake), columns, unknown);
    }

    boolean canHash() {
        return unknown.isEmpty();
    }

    boolean has(String name) {
        return sources.columns().stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
    }

    /** The hash of one row; 0 where none can be computed. */
    String rowHash() {
        return canHash() ? RowHashSql.row(columns) : "0::UBIGINT";
    }

    /** The list of a SELECT that reads staged files as the lake has their rows. */
    String selectList(Set<String> present) {
        return sources.columns().stream()
                .map(c -> sources.expression(c, present) + " AS " + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", "));
    }
}
