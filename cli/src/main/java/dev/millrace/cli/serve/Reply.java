package dev.millrace.cli.serve;

import java.util.Map;

/** What is answered to a request. */
record Reply(int status, String contentType, String body, Map<String, String> headers) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";
    static final String SCRIPT = "text/javascript; charset=utf-8";
    static final String STYLE = "text/css; charset=utf-8";
    static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    static final String JSON = "application/json";

    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int TOO_LARGE = 413;
    static final int WRONG_CONTENT_TYPE = 415;
    static final int FAILED = 500;
    static final int UNAVAILABLE = 503;

    static Reply of(int status, String contentType, String body) {
        return new Reply(status, contentType, body, Map.of());
    }

    static Reply text(int status, String line) {
        return of(status, TEXT, line + "\n");
    }

    Reply with(Map<String, String> more) {
        return new Reply(status, contentType, body, more);
    }
}
