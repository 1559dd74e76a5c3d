package dev.millrace.bench.compaction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process took.
 *
 * @param millis of its work, without its start
 * @param peakBytes the most memory that it had in all, as the system counts it
 * @param longestTransactionMillis zero where there is none
 */
record Measured(long millis, long peakBytes, long longestTransactionMillis) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PEAK = "VmHWM:";
    private static final long BYTES_A_KIBIBYTE = 1_024;

    /** Of this process, until now. */
    static Measured since(long beganNanos, long longestTransactionMillis) {
        return new Measured((System.nanoTime() - beganNanos) / 1_000_000, peak(), longestTransactionMillis);
    }

    /** The median of the times, and the most of memory and transactions. */
    static Measured median(List<Measured> several) {
        List<Long> times = several.stream().map(Measured::millis).sorted().toList();
        return new Measured(
                times.get(times.size() / 2),
                several.stream().mapToLong(Measured::peakBytes).max().orElseThrow(),
                several.stream()
                        .mapToLong(Measured::longestTransactionMillis)
                        .max()
                        .orElseThrow());
    }

    private static long peak() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * BYTES_A_KIBIBYTE)
                    .findFirst()
                    .orElseThrow(() -> new BenchException("the system tells no peak of memory"));
        } catch (IOException e) {
            throw new BenchException("the peak of memory is told by /proc, on Linux only", e);
        }
    }

    String toText() throws JsonProcessingException {
        return JSON.writeValueAsString(this);
    }

    static Measured parse(String text) throws JsonProcessingException {
        return JSON.readValue(text, Measured.class);
    }
}
