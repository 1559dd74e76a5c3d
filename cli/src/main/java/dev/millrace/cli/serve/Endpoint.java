package dev.millrace.cli.serve;

import java.io.IOException;

/**
 * What stands at a path.
 *
 * @param method the one that it takes; {@code GET} takes {@code HEAD} too
 * @param isOpen whether it answers without the token
 */
record Endpoint(String method, boolean isOpen, Answer answer) {
    /** Makes the answer. */
    @FunctionalInterface
    interface Answer {
        Reply to(Request request) throws IOException;
    }

    /**
     * What was asked.
     *
     * @param isTrusted whether the client has shown the token, or none is needed
     */
    record Request(boolean isTrusted, String contentType, String body) {}

    static Endpoint open(Answer answer) {
        return new Endpoint("GET", true, answer);
    }

    static Endpoint closed(Answer answer) {
        return new Endpoint("GET", false, answer);
    }

    static Endpoint post(Answer answer) {
        return new Endpoint("POST", false, answer);
    }
}
