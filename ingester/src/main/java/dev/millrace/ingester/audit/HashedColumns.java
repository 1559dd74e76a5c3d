package dev.millrace.ingester.audit;

import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.LakeType;
import dev.millrace.schemas.RowHashSql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The columns of a dataset as the row hash takes them: those of the contract, and those that files have brought beyond it.
 *
 * @param unknown names of columns whose type the hash does not know, since only the contract could tell it; then no hash can be
 *     computed
 */
record HashedColumns(List<LakeColumn> lake, List<Column> columns, List<String> unknown) {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

    HashedColumns {
        lake = List.copyOf(lake);
        columns = List.copyOf(columns);
        unknown = List.copyOf(unknown);
    }

    static HashedColumns of(Contract contract, List<LakeColumn> lake) {
        var known = contract.columns().stream().collect(Collectors.toMap(Column::name, Function.identity()));
        List<Column> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (LakeColumn column : lake) {
            Optional<Column> hashed = Optional.ofNullable(known.get(column.name()))
                    .or(() -> plain(column.type()).map(type -> new Column(column.name(), type, false)));
            hashed.ifPresentOrElse(columns::add, () -> unknown.add(column.name()));
        }
        return new HashedColumns(lake, columns, unknown);
    }

    private static Optional<LakeType> plain(String sql) {
        Matcher decimal = DECIMAL.matcher(sql);
        if (decimal.matches()) {
            return Optional.of(
                    new LakeType.DecimalType(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2))));
        }
        return Arrays.stream(LakeType.Scalar.values())
                .filter(type -> type.sql().equals(sql))
                .map(LakeType.class::cast)
                .findFirst();
    }

    boolean canHash() {
        return unknown.isEmpty();
    }

    boolean has(String name) {
        return lake.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
    }

    /** The hash of one row; 0 where none can be computed. */
    String rowHash() {
        return canHash() ? RowHashSql.row(columns) : "0::UBIGINT";
    }

    /** The list of a SELECT that reads staged files as the lake has their rows. */
    String selectList(Set<String> present) {
        return lake.stream()
                .map(c -> "CAST(" + (present.contains(c.name()) ? SqlText.identifier(c.name()) : "NULL") + " AS "
                        + c.type() + ") AS " + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", "));
    }
}
