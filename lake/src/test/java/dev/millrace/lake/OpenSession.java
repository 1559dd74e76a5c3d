package dev.millrace.lake;

import java.nio.file.Path;

/** A process of its own for tests: opens a session with a new lake in the given folder, says so, and waits to be killed. */
final class OpenSession {
    static final String OPEN = "open";

    private OpenSession() {}

    public static void main(String[] args) throws Exception {
        try (LakeSession session = new LakeTestBed(Path.of(args[0])).openWithTrips()) {
            System.out.println(OPEN + " " + session.queryLong("SELECT count(*) FROM lake.trips"));
            System.out.flush();
            int end = System.in.read();
            System.out.println("ended by " + end);
        }
    }
}
