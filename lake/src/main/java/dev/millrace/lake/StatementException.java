package dev.millrace.lake;

import java.sql.SQLException;
import java.util.List;

/** The engine refused a statement; the connection lives on, an open transaction has to be rolled back. */
public final class StatementException extends LakeException {
    private static final long serialVersionUID = 1L;

    /** The engine's last line, which carries the catalog's own words where it refused a commit. */
    String lastLine() {
        return getMessage().lines().filter(line -> !line.isBlank()).reduce("", (first, last) -> last);
    }

    /** Kinds of errors that no content of a file explains. */
    private static final List<String> OURS = List.of(
            "Parser Error",
            "Binder Error",
            "Catalog Error",
            "Permission Error",
            "Out of Memory Error",
            "INTERRUPT Error",
            "INTERNAL Error",
            "FATAL Error");

    StatementException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** The engine's first line, which carries the kind of the error and the file it is about. */
    public String firstLine() {
        return getMessage().lines().findFirst().orElse("");
    }

    /**
     * Lets pass what may be the fault of the data that was read; everything else is thrown on, so that no file is blamed
     * for it.
     */
    public void requireAboutData() {
        if (OURS.stream().anyMatch(getMessage()::startsWith)) {
            throw this;
        }
    }
}
