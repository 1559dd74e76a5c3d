package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;

/** The tables of what was proved, as Markdown. */
final class FidelityTables {
    private static final int LONGEST_TYPE = 200;
    private static final int LONGEST_VALUE = 45;

    private FidelityTables() {}

    static String types(List<ForeignColumn> columns) {
        return table(
                List.of("in the file", "a new column", "columns of a contract", "among the values compared", "to know"),
                columns.stream()
                        .map(c -> List.of(
                                code(type(c.parquet())),
                                code(c.lake()),
                                c.contracts().stream().map(FidelityTables::avro).collect(Collectors.joining(", ")),
                                values(c),
                                c.rule()))
                        .toList());
    }

    static String refusals(List<ForeignRefusal> refusals) {
        return table(
                List.of("what", "in the file", "reason", "message"),
                refusals.stream()
                        .map(r ->
                                List.of(r.what(), code(type(r.parquet())), code(r.reason()), "… " + r.message() + " …"))
                        .toList());
    }

    /** As the footers of the files tell it. */
    static String pages(Collection<Path> files) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            try (ParquetFileReader reader = ParquetFileReader.open(
                    new LocalInputFile(file),
                    ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
                for (BlockMetaData block : reader.getFooter().getBlocks()) {
                    for (ColumnChunkMetaData chunk : block.getColumns()) {
                        found.add("compression `" + chunk.getCodec() + "`");
                        EncodingStats stats = chunk.getEncodingStats();
                        String version = stats.usesV2Pages() ? "2" : "1";
                        stats.getDataEncodings()
                                .forEach(encoding -> found.add("`" + encoding + "` of `"
                                        + chunk.getPrimitiveType().getPrimitiveTypeName()
                                        + "` in data pages of version "
                                        + version));
                    }
                }
            }
        }
        return found.stream().map(line -> "- " + line + "\n").collect(Collectors.joining());
    }

    private static String type(String parquet) {
        String type = parquet.replace("%1$s", "…")
                .replaceAll(" ?%s", "")
                .replaceAll("\\s+", " ")
                .replaceFirst("^optional ", "")
                .replaceFirst(";$", "");
        return type.length() > LONGEST_TYPE ? "group { … } of 30 levels" : type;
    }

    private static String values(ForeignColumn column) {
        Predicate<String> isShort = value -> value.length() <= LONGEST_VALUE && !value.isBlank();
        List<String> found = column.cells().stream()
                .map(ForeignColumn.Cell::found)
                .filter(isShort)
                .filter(value -> value.chars().noneMatch(Character::isISOControl))
                .toList();
        return Stream.concat(found.stream().limit(1), found.stream().skip(Math.max(1, found.size() - 1L)))
                .distinct()
                .map(FidelityTables::code)
                .collect(Collectors.joining(", "));
    }

    private static String avro(String json) {
        Schema schema = new Schema.Parser().parse(json);
        String type = schema.getType().getName();
        return code(
                schema.getLogicalType() == null ? type : schema.getLogicalType().getName());
    }

    private static String code(String text) {
        return text.length() > LONGEST_TYPE ? "`STRUCT(…)`" : "`" + text.replace("|", "\\|") + "`";
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder(line(head))
                .append(line(head.stream().map(column -> "---").toList()));
        rows.forEach(row -> table.append(line(row)));
        return table.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
