package dev.millrace.ingester;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.LakeType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The condition for the rows of some lake files: by the names of the files, and by the values of the partition columns beside it,
 * since the engine opens every file of a dataset to find those of a name. Pure.
 */
final class TouchedRows {
    /** A text of such a value may stand for another one. */
    private static final Set<LakeType> INEXACT =
            Set.of(LakeType.Scalar.FLOAT, LakeType.Scalar.DOUBLE, LakeType.Scalar.BLOB);

    private TouchedRows() {}

    static String of(Contract contract, Collection<TouchedFile> files) {
        Map<String, LakeType> types = contract.columns().stream().collect(Collectors.toMap(Column::name, Column::type));
        List<String> columns = contract.partitionBy();
        return "filename IN ("
                + files.stream().map(file -> SqlText.literal(file.path())).collect(Collectors.joining(", ")) + ")"
                + IntStream.range(0, columns.size())
                        .filter(i -> !INEXACT.contains(types.get(columns.get(i))))
                        .filter(i -> files.stream().allMatch(file -> file.partition()
                                .get(i)
                                .filter(value -> value.indexOf('\0') < 0)
                                .isPresent()))
                        .mapToObj(i -> " AND " + SqlText.identifier(columns.get(i)) + " IN (" + values(files, i) + ")")
                        .collect(Collectors.joining());
    }

    private static String values(Collection<TouchedFile> files, int column) {
        return files.stream()
                .map(file -> file.partition().get(column))
                .flatMap(Optional::stream)
                .distinct()
                .map(SqlText::literal)
                .collect(Collectors.joining(", "));
    }
}
