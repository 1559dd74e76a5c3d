package dev.millrace.lake;

/** The server of the catalog does not answer, or has no connection free. Later it may: nothing has to be mended in the lake. */
public final class CatalogUnreachableException extends LakeException {
    private static final long serialVersionUID = 1L;

    CatalogUnreachableException(Catalog catalog, StatementException cause) {
        this(
                "the catalog " + catalog.description() + " does not answer (" + cause.reason()
                        + "): see whether its server runs, and try again",
                cause);
    }

    CatalogUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
