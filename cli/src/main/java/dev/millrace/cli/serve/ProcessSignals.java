package dev.millrace.cli.serve;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signals of the operating system, where the JVM has them ({@code jdk.unsupported}); elsewhere none ever comes. */
public final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    private ProcessSignals() {}

    /**
     * Has something done when a signal comes, in the place of what the JVM does.
     *
     * @param name without {@code SIG}: {@code TERM}
     */
    public static void handle(String name, Runnable action) {
        try {
            // By reflection: the compiler warns of these classes, and has no way to accept one of them only.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                return null;
                            }
                            case "equals" -> {
                                return self == arguments[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            default -> {
                                return name;
                            }
                        }
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Throwable cause = e instanceof InvocationTargetException invocation ? invocation.getCause() : e;
            LOG.warn("SIG{} can't be handled here: {}", name, cause.getMessage());
        }
    }
}
