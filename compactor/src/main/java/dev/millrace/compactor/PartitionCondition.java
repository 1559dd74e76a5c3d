package dev.millrace.compactor;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.LakeType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says by the partition columns which rows a step takes, beside the names of their files: the engine opens every file of a dataset
 * to find those of a name, but only the files whose statistics allow for a value. Pure.
 */
final class PartitionCondition {
    /** Of which types a value reads in SQL as the catalog writes it, and a slash can't be within it. */
    private static final Map<LakeType, Pattern> TYPES = Map.of(
            LakeType.Scalar.INTEGER, Pattern.compile("-?[0-9]{1,10}"),
            LakeType.Scalar.BIGINT, Pattern.compile("-?[0-9]{1,18}"),
            LakeType.Scalar.DATE, Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"));

    private PartitionCondition() {}

    /**
     * The condition, to be put behind another one; empty where nothing can be said for certain.
     *
     * @param partitions as {@link LakeFile#partition()}
     */
    static String of(Contract contract, Collection<String> partitions) {
        Map<String, LakeType> types = contract.columns().stream().collect(Collectors.toMap(Column::name, Column::type));
        List<LakeType> keys = contract.partitionBy().stream().map(types::get).toList();
        List<List<String>> values = partitions.stream()
                .distinct()
                .map(partition -> List.of(partition.split("/", -1)))
                .toList();
        if (!TYPES.keySet().containsAll(keys) || !values.stream().allMatch(partition -> areOf(keys, partition))) {
            return "";
        }
        return IntStream.range(0, keys.size())
                .mapToObj(key ->
                        " AND " + SqlText.identifier(contract.partitionBy().get(key)) + " IN ("
                                + list(values, partition -> partition.get(key)) + ")")
                .collect(Collectors.joining());
    }

    private static boolean areOf(List<LakeType> keys, List<String> values) {
        return values.size() == keys.size()
                && IntStream.range(0, keys.size()).allMatch(key -> TYPES.get(keys.get(key))
                        .matcher(values.get(key))
                        .matches());
    }

    /** A text that stands beside a column is of the column's type to the engine. */
    private static String list(List<List<String>> partitions, Function<List<String>, String> value) {
        return partitions.stream().map(value).distinct().map(SqlText::literal).collect(Collectors.joining(", "));
    }
}
