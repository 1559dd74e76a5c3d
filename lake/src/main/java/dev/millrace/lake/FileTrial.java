package dev.millrace.lake;

import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.NativeLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/**
 * The main class of a process that reads Parquet files with an engine of its own, and that may die of it: it has no lake, no key and no
 * password, and the engine reaches the files and nothing else.
 *
 * <p>Arguments: the folder it may write to, the bytes of memory for the engine. Standard input: the paths of the files, a line each.
 * Standard output: {@value #BEGIN} before and {@value #END} after each file, a line each. What the engine says of a file is not told: that
 * is for who reads it afterwards to find out.
 */
public final class FileTrial {
    /** Stands before a file. */
    public static final String BEGIN = "begin";

    /** Stands after a file, whatever the engine has said of it. */
    public static final String END = "end";

    private static final List<String> READS = List.of(
            "SELECT count(*) FROM parquet_full_metadata(?)",
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)",
            "SELECT coalesce(bit_xor(hash(file)), 0) % 2 FROM read_parquet(?, hive_partitioning = false) AS file");

    private FileTrial() {}

    /** Reads the files and ends. */
    public static void main(String[] arguments) throws IOException, SQLException {
        String folder = arguments[0];
        long memoryBytes = Long.parseLong(arguments[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> paths;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            paths = in.lines().toList();
        }
        new NativeLibrary(EngineCache.standard()).prepare();
        EngineConnection engine = open(folder, memoryBytes, paths);
        for (String path : paths) {
            out.println(BEGIN);
            for (String read : READS) {
                if (engine.hasFailed()) {
                    engine = open(folder, memoryBytes, paths);
                }
                read(engine, read, path);
            }
            out.println(END);
        }
    }

    private static void read(EngineConnection engine, String sql, String path) {
        try {
            engine.execute(sql, List.of(path));
        } catch (StatementException e) {
            // A refusal is no death.
        }
    }

    private static EngineConnection open(String folder, long memoryBytes, List<String> paths) throws SQLException {
        EngineConnection engine = EngineConnection.plain();
        engine.execute(EngineSettings.memory(memoryBytes));
        EngineSettings.lockDownToFiles(paths, folder).forEach(engine::execute);
        return engine;
    }
}
