package dev.millrace.cli.doctor;

import java.time.Duration;

/** One check with its result. {@code elapsed} is how long it looked, nothing when it was skipped. */
public record Examined(String group, String check, Finding finding, Duration elapsed) {}
