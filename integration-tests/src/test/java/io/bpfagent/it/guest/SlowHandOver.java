package io.bpfagent.it.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * {@code attach-cli}'s hand-over in a process of its own, by its own classes, that stands still before it asks for the
 * n-th time whether the JVM is still the one that was meant: {@code SlowHandOver PID SOCKET N}, with attach-cli.jar on
 * the class path. It says {@code prepared}, then {@code asks N}, and goes on with each line that it reads; at the end
 * it says {@code given} or why not.
 */
public final class SlowHandOver {
    private static final String PACKAGE = "io.bpfagent.cli.jvm.";
    private static final BufferedReader IN = new BufferedReader(
            new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private SlowHandOver() {}

    /** @param args as above */
    public static void main(String[] args) throws Exception {
        int pid = Integer.parseInt(args[0]);
        int slowAt = Integer.parseInt(args[2]);
        Object code = code();
        Object problem = call(code, "prepare", new Class<?>[] {String.class}, "");
        if (problem != null) {
            throw new AssertionError(problem);
        }
        System.out.println("prepared");
        IN.readLine();
        Class<?> type = Class.forName(PACKAGE + "TargetProcess");
        Object process = ((Optional<?>) type.getMethod("find", Path.class, int.class)
                .invoke(null, Path.of("/proc"), pid)).orElseThrow();
        Method belongsTo = type.getMethod("belongsTo", int.class);
        int[] asked = {0};
        IntPredicate same = user -> {
            asked[0]++;
            if (asked[0] == slowAt) {
                System.out.println("asks " + slowAt);
                readLine();
            }
            try {
                return (Boolean) belongsTo.invoke(process, user);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        };
        Object refused = call(code, "handOver",
                new Class<?>[] {int.class, String.class, String.class, IntPredicate.class}, pid, args[1], "", same);
        System.out.println(refused == null ? "given" : refused);
    }

    private static void readLine() {
        try {
            IN.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object code() throws ReflectiveOperationException {
        Method open = Class.forName(PACKAGE + "AgentJar").getMethod("open");
        Supplier<InputStream> jar = () -> {
            try {
                return (InputStream) open.invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        };
        return Class.forName(PACKAGE + "AgentCode").getConstructor(Supplier.class).newInstance(jar);
    }

    private static Object call(Object code, String method, Class<?>[] types, Object... arguments) throws Exception {
        try {
            return code.getClass().getMethod("call", String.class, String.class, Class[].class, Object[].class)
                    .invoke(code, "io.bpfagent.agent.HandOverCommand", method, types, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception told ? told : e;
        }
    }
}
