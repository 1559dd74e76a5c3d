package dev.millrace.cli.demo;

/** The demo can't work in the folder it was given; nothing there was changed. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }
}
