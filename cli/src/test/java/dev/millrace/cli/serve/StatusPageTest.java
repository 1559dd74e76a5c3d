package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Proves that the page shows what was seen without a script, with nothing of it taken for markup, and what the charts are given. */
class StatusPageTest {
    private static final JobState INGEST = new JobState(
            JobKind.INGEST,
            "every 1m",
            Optional.empty(),
            Optional.of(new JobState.Last(Looks.AT, Looks.AT, JobEnd.failed(Looks.EVIL))),
            Optional.of(Looks.AT.plusSeconds(60)),
            1);

    private static String page(Optional<Look> look, Map<String, String> unreadiness) {
        return StatusPage.of(new StatusPage.Content(Looks.AT.plusSeconds(10), unreadiness, List.of(INGEST), look));
    }

    @Test
    void whatWasSeenIsThereWithoutAScript() {
        String page = page(Optional.of(Looks.full()), Map.of());

        assertThat(page)
                .contains("ready", ">trips<", ">1,234,567<", ">3.4 MB<", ">1m 40s<", "not-parquet")
                .contains("every 1m", "2026-11-25T10:01:00Z", "<rect class=\"run succeeded\"", "/srv/lake")
                .contains("<noscript>");
    }

    @Test
    void nothingThatWasSeenIsTakenForMarkup() {
        String page = page(Optional.of(Looks.full()), Map.of("lake", Looks.EVIL));

        assertThat(page).doesNotContain("<script>alert");
        assertThat(Pattern.compile(Pattern.quote("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;"))
                        .matcher(page)
                        .results())
                .hasSize(5);
    }

    /** What the policy of the server would refuse. */
    @Test
    void thereIsNoStyleOrScriptInThePage() {
        assertThat(page(Optional.of(Looks.full()), Map.of()))
                .doesNotContain(" style=", "<style", "javascript:", " onclick", "http://", "https://")
                .doesNotContainPattern("<script>");
    }

    @Test
    void beforeTheFirstLookItSaysSo() {
        assertThat(page(Optional.empty(), Map.of("lake", "it was not looked at yet")))
                .contains("not ready: lake: it was not looked at yet", "The lake was not looked at yet.");
    }

    @Test
    void theHistoryHasANumberForEachTime() {
        History history = new History();
        history.add(Looks.full());
        history.add(Looks.full());

        ObjectNode json = history.json();

        assertThat(json.get("times")).hasSize(2);
        assertThat(json.at("/datasets/trips/waiting")).hasToString("[7,7]");
        assertThat(json.at("/datasets/trips/oldest")).hasToString("[90.0,90.0]");
        // Two ingests nine minutes apart, with nothing in between and after.
        assertThat(json.at("/loaded/rows/trips")).hasToString("[50,0,0,100,0]");
        assertThat(json.at("/loaded/times")).hasSize(5);
    }

    @Test
    void whatThePageIsMadeOfIsInTheProgram() {
        assertThat(WebFiles.all()).containsOnlyKeys("/style.css", "/app.js", "/uplot.css", "/uplot.js");
        assertThat(WebFiles.all().get("/uplot.js").body()).contains("uPlot");
        assertThat(WebFiles.all().values())
                .noneSatisfy(file -> assertThat(file.body()).contains("://cdn"));
    }
}
