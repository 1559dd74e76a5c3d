package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a page that a test writes: what the test has proved, and nothing else. */
final class GeneratedSection {
    /** Set to {@code true}, the page is written anew instead of being compared. */
    private static final String WRITE = "millrace.docs.write";

    private GeneratedSection() {}

    /** Requires that a page says what was proved, between the two comments that name the section. */
    static void requireUpToDate(Path page, String section, Class<?> test, String proved) throws IOException {
        String begin = "<!-- begin " + section + ": written by " + test.getSimpleName() + " -->\n";
        String end = "<!-- end " + section + " -->";
        String text = Files.readString(page);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        assertThat(from >= 0 && to > from)
                .as("%s has no section between '%s' and '%s'", page, begin.strip(), end)
                .isTrue();
        String said = text.substring(from + begin.length(), to);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(page, text.substring(0, from + begin.length()) + proved + text.substring(to));
            return;
        }
        assertThat(said)
                .as(
                        "%s does not say what is so; 'mvn verify -pl cli -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -D%s=true' writes it anew",
                        page, test.getSimpleName(), WRITE)
                .isEqualTo(proved);
    }
}
