package dev.millrace.cli.pipeline;

import dev.millrace.lake.LakeSession;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a query, every value as the engine writes it as text, absent ones null.
 *
 * @param truncated whether there were more rows than asked for
 */
public record QueryAnswer(List<String> columns, List<List<String>> rows, boolean truncated) {
    /**
     * Runs a query; {@code maxRows} is 0 for all of its rows.
     *
     * @throws dev.millrace.lake.LakeException when it is no query, or the engine refuses it
     */
    public static QueryAnswer of(LakeSession session, String sql, long maxRows) {
        ReadOnlyQuery.require(session, sql);
        return session.read(sql, result -> {
            List<String> columns = new ArrayList<>();
            int count = result.getMetaData().getColumnCount();
            for (int column = 1; column <= count; column++) {
                columns.add(result.getMetaData().getColumnLabel(column));
            }
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                if (maxRows > 0 && rows.size() == maxRows) {
                    return new QueryAnswer(columns, rows, true);
                }
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= count; column++) {
                    row.add(result.getString(column));
                }
                rows.add(row);
            }
            return new QueryAnswer(columns, rows, false);
        });
    }
}
