package dev.millrace.cli.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many characters there are on the terminal. */
public record TerminalSize(int rows, int columns) {
    /** Where nobody says: that of the terminals of old. */
    public static final TerminalSize STANDARD = new TerminalSize(24, 80);

    private static final Pattern ANSWER = Pattern.compile("\\s*([0-9]{1,4}) ([0-9]{1,4})\\s*");
    private static final long PATIENCE_MILLIS = 500;

    /** That of the terminal of this process; the variables {@code LINES} and {@code COLUMNS} go before. */
    public static TerminalSize of(Map<String, String> environment) {
        TerminalSize asked = ask().orElse(STANDARD);
        return new TerminalSize(
                number(environment.get("LINES")).orElse(asked.rows()),
                number(environment.get("COLUMNS")).orElse(asked.columns()));
    }

    private static Optional<Integer> number(String text) {
        return Optional.ofNullable(text)
                .filter(t -> t.matches("[1-9][0-9]{0,3}"))
                .map(Integer::valueOf);
    }

    private static Optional<TerminalSize> ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Optional<TerminalSize> parse(String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        return matcher.matches() && !matcher.group(2).equals("0")
                ? Optional.of(new TerminalSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
