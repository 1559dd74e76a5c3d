package dev.millrace.bench.concurrency;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Of which days the batches of a producer are. */
final class Producing {
    private static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 1);

    private Producing() {}

    /** The days in turn: without an end where an order names none, else this producer's share of them. */
    static Iterator<LocalDate> days(Order order, Clock clock) {
        Pace pace = order.pace();
        return pace.days() == 0
                ? Stream.generate(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                        .iterator()
                : IntStream.iterate(order.number(), day -> day < pace.days(), day -> day + pace.producers())
                        .mapToObj(FIRST_DAY::plusDays)
                        .iterator();
    }
}
