package io.bpfagent.workload;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;

/**
 * An agent beside that changes nothing. Each time it is loaded it says on stdout what the bytes of the classes are that
 * hooks are woven into, {@link Woven}, the JDK's executors and a driver of JDBC, as all agents that came before leave
 * them: for each {@code class NAME HASH HASH}, then of all together {@code bytes 1 HASH HASH}. The second is of what
 * they are without constants that nothing uses, which HotSpot 25 leaves of a class that was changed at some time, by
 * whomever.
 */
public final class ByteWatch implements ClassFileTransformer {
    private static final String POOLS = "java.util.concurrent.";
    private static final String FUTURE = POOLS + "CompletableFuture$";
    private static final String TASK = POOLS + "ForkJoinTask";
    /** Each JDK has some of them. */
    private static final String[] NAMES = {Woven.class.getName(), POOLS + "ThreadPoolExecutor",
        POOLS + "ThreadPoolExecutor$Worker", POOLS + "FutureTask", POOLS + "ScheduledThreadPoolExecutor",
        POOLS + "ForkJoinPool", TASK, TASK + "$RunnableExecuteAction", TASK + "$AdaptedRunnable",
        TASK + "$AdaptedRunnableAction", TASK + "$AdaptedInterruptibleRunnable", TASK + "$AdaptedCallable",
        TASK + "$AdaptedInterruptibleCallable", FUTURE + "AsyncSupply", FUTURE + "AsyncRun",
        FUTURE + "ThreadPerTaskExecutor", FUTURE + "UniCompletion", FUTURE + "UniApply", FUTURE + "UniAccept",
        FUTURE + "UniRun", FUTURE + "UniWhenComplete", FUTURE + "UniHandle", FUTURE + "UniExceptionally",
        FUTURE + "UniComposeExceptionally", FUTURE + "UniRelay", FUTURE + "UniCompose", FUTURE + "BiApply",
        FUTURE + "BiAccept", FUTURE + "BiRun", FUTURE + "BiRelay", FUTURE + "OrApply", FUTURE + "OrAccept",
        FUTURE + "OrRun", "org.h2.jdbc.JdbcConnection",
        "org.h2.jdbc.JdbcStatement", "org.h2.jdbc.JdbcPreparedStatement", "org.h2.jdbc.JdbcCallableStatement"};
    private static int asked;

    private final Map<Class<?>, byte[]> seen = new HashMap<>();

    private ByteWatch() {}

    /** Called by the JVM. */
    public static void agentmain(String arguments, Instrumentation instrumentation)
            throws UnmodifiableClassException, NoSuchAlgorithmException {
        List<Class<?>> classes = classes();
        ByteWatch watch = new ByteWatch();
        for (Class<?> one : classes) {
            watch.seen.put(one, new byte[0]);
        }
        instrumentation.addTransformer(watch, true);
        instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
        instrumentation.removeTransformer(watch);
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        MessageDigest allUsed = MessageDigest.getInstance("SHA-256");
        for (Class<?> one : classes) {
            byte[] bytes = watch.seen.get(one);
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(bytes).accept(writer, 0);
            byte[] used = writer.toByteArray();
            all.update(bytes);
            allUsed.update(used);
            System.out.println("class " + one.getName() + " " + hash(bytes) + " " + hash(used));
        }
        asked++;
        System.out.println("bytes " + asked + " " + HexFormat.of().formatHex(all.digest()) + " "
                + HexFormat.of().formatHex(allUsed.digest()));
    }

    /** The same ones each time: they are loaded by this. */
    private static List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : NAMES) {
            try {
                classes.add(Class.forName(name, false, Woven.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                // Of another JDK, or the host has no driver.
                continue;
            }
        }
        return classes;
    }

    private static String hash(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> loaded, ProtectionDomain domain, byte[] bytes) {
        if (loaded == null || !seen.containsKey(loaded)) {
            return null;
        }
        // HotSpot 17 keeps the bytes of a class that somebody has changed, be it into the same. Else it puts them
        // together anew each time, with two more constants than the last time.
        byte[] same = bytes.clone();
        seen.put(loaded, same);
        return same;
    }
}
