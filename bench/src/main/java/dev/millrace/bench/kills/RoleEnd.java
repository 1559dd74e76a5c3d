package dev.millrace.bench.kills;

import java.util.Arrays;

/** How a process ended, as its exit code tells. */
enum RoleEnd {
    DONE(0),
    FAILED(1),
    FENCED(3),
    HELD_BY_ANOTHER(75),
    KILLED(137);

    private final int code;

    RoleEnd(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RoleEnd of(int code) {
        return Arrays.stream(values())
                .filter(end -> end.code == code)
                .findFirst()
                .orElse(FAILED);
    }
}
