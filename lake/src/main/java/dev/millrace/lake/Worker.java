package dev.millrace.lake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who runs: {@code host-pid-uuid}, new with every process. */
public record Worker(String host, long pid, UUID instance) {
    private static final Pattern TEXT = Pattern.compile("(.+)-([0-9]+)-([0-9a-f-]{36})");

    /** This process; a new instance at each call. */
    public static Worker current() {
        return new Worker(hostName(), ProcessHandle.current().pid(), UUID.randomUUID());
    }

    /** Reads what {@link #toString()} wrote. */
    public static Worker parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a worker (host-pid-uuid): '" + text + "'");
        }
        return new Worker(matcher.group(1), Long.parseLong(matcher.group(2)), UUID.fromString(matcher.group(3)));
    }

    /**
     * Whether this worker is known to be dead: it ran on this host under a process id that is gone. False says nothing. A
     * wrong guess (two containers of one host name) costs the holder its lease but no row: the token stops its commit.
     */
    public boolean isKnownDead() {
        return host.equals(hostName()) && ProcessHandle.of(pid).isEmpty();
    }

    @Override
    public String toString() {
        return host + "-" + pid + "-" + instance;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
