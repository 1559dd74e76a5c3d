package dev.millrace.bench.concurrency;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Durations counted in a histogram, from a microsecond to an hour with two digits. For one thread. */
final class Latencies {
    /** The text of no durations. */
    static final String NONE = "";

    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;

    private final Histogram micros;

    Latencies() {
        this(new Histogram(LONGEST_MICROS, DIGITS));
    }

    private Latencies(Histogram micros) {
        this.micros = micros;
    }

    void add(Duration duration) {
        micros.recordValue(Math.max(0, Math.min(LONGEST_MICROS, duration.toNanos() / 1_000)));
    }

    Latencies plus(Latencies other) {
        Histogram sum = micros.copy();
        sum.add(other.micros);
        return new Latencies(sum);
    }

    long count() {
        return micros.getTotalCount();
    }

    double medianMillis() {
        return millis(micros.getValueAtPercentile(50));
    }

    double percentile99Millis() {
        return millis(micros.getValueAtPercentile(99));
    }

    double maxMillis() {
        return millis(micros.getMaxValue());
    }

    private double millis(long value) {
        return count() == 0 ? 0 : value / 1e3;
    }

    String toText() {
        if (count() == 0) {
            return NONE;
        }
        ByteBuffer buffer = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
        int length = micros.encodeIntoCompressedByteBuffer(buffer);
        byte[] bytes = new byte[length];
        buffer.flip().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static Latencies parse(String text) {
        if (text.equals(NONE)) {
            return new Latencies();
        }
        try {
            return new Latencies(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), LONGEST_MICROS));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram: '" + text + "'", e);
        }
    }
}
