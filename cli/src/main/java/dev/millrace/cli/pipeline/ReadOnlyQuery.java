package dev.millrace.cli.pipeline;

import dev.millrace.lake.LakeSession;
import java.util.regex.Pattern;

/**
 * Lets queries pass and no other statement: a catalog that is attached read-only does not keep a COPY from writing over a lake file, or an
 * ATTACH from opening another database.
 */
final class ReadOnlyQuery {
    /** The engine's own parser tells; it takes apart what is a SELECT, as DESCRIBE, SHOW and FROM are, and any number of them. */
    private static final String SAYS = "SELECT coalesce(json_serialize_sql(?::VARCHAR)->>'error_message', '')";

    private static final String NO_SELECT = "Only SELECT statements";
    private static final Pattern EXPLAIN = Pattern.compile("\\s*EXPLAIN(\\s+ANALYZE)?\\b", Pattern.CASE_INSENSITIVE);

    private ReadOnlyQuery() {}

    /** @throws NotAQueryException when the text has another statement in it; a text with an error is left to the engine */
    static void require(LakeSession session, String sql) {
        String query = EXPLAIN.matcher(sql).replaceFirst("");
        boolean isOther = session.queryOne(SAYS, row -> row.getString(1), query)
                .orElseThrow()
                .contains(NO_SELECT);
        if (isOther) {
            throw new NotAQueryException();
        }
    }
}
