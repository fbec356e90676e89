package io.bpfagent;

import java.io.File;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Where the JVM enters the agent: {@code -javaagent} and dynamic attach.
 *
 * <p>With {@link TierLoader} the only class that the host can see. Both stay as the first jar of a
 * JVM's life brought them, so their names and the contract below never change:
 * the class {@code io.bpfagent.agent.AgentMain} is a {@code BiConsumer<String[], Instrumentation>} with
 * a public constructor; its {@code accept}, given the arguments and the jar's path, runs on the daemon
 * thread {@code bpf-agent} until the agent has been detached or could not begin, and reports its own
 * errors.
 *
 * <p>The jar holds two tiers. The natives tier (libbpf and the bindings) is loaded once per content
 * for the JVM's life, because a loader that has used JNI bindings is never collected; the agent
 * tier, its child, is loaded afresh at every start and dropped at the end. A newer jar is named by
 * {@code jar=} in the arguments.
 *
 * <p>Guarantees: {@code premain} and {@code agentmain} never throw (from {@code premain} that would
 * end the host) and return at once; they start a thread and no more. Therefore no lambdas, no
 * string concatenation by invokedynamic, no logging, no java.nio.file here. At most one agent runs;
 * a start while one runs changes nothing.
 */
public final class BpfAgent implements Runnable, Thread.UncaughtExceptionHandler {
    static final String NATIVES_PREFIX = "META-INF/bpf-agent/natives/";
    static final String AGENT_PREFIX = "META-INF/bpf-agent/agent/";

    /** A start waits this long for an agent that is just being detached. */
    private static final long DETACH_WAIT_MS = 2_000;

    /** The natives tiers of this JVM by the checksum of their content; guarded by the class. */
    private static final Map<String, TierLoader> NATIVE_TIERS = new HashMap<>(4);

    private static final String[] NEEDED_BY_AGENTS = {"java.util.AbstractMap$SimpleEntry",
        "java.util.AbstractMap$SimpleImmutableEntry", "sun.net.www.protocol.jrt.JavaRuntimeURLConnection"};

    /** Whether an agent runs or is being started or ended; guarded by the class. */
    private static boolean running;

    private final String arguments;
    private final Instrumentation instrumentation;

    private BpfAgent(String arguments, Instrumentation instrumentation) {
        this.arguments = arguments == null ? "" : arguments;
        this.instrumentation = instrumentation;
    }

    /** Called by the JVM before {@code main}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        loadWhatAgentsNeed(arguments);
        startThread(arguments, instrumentation);
    }

    /** Called by the JVM when the agent is attached to it. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        startThread(arguments, instrumentation);
    }

    /**
     * Where hooks are wanted: loads classes of the JDK's that both this agent and others need when they are asked about
     * a class. Were one of these loaded for one agent while another is registered already, that other one would be
     * asked about it, need it itself, and leave a ClassCircularityError in whatever class of the JDK's it had come
     * through, for good. Here, on the thread that calls the next agent's premain, nobody else is registered yet.
     */
    private static void loadWhatAgentsNeed(String arguments) {
        if (arguments == null || !(arguments.contains("trace=") || arguments.contains("requests=")
                || arguments.contains("contexts=") || arguments.contains("virtual="))) {
            return;
        }
        for (String name : NEEDED_BY_AGENTS) {
            try {
                Class.forName(name, false, null);
            } catch (Throwable e) { // another JDK; nothing may come out of premain
                continue;
            }
        }
    }

    private static void startThread(String arguments, Instrumentation instrumentation) {
        try {
            BpfAgent agent = new BpfAgent(arguments, instrumentation);
            // Not the caller's group: it may belong to a part of the host that is closed later.
            Thread thread = new Thread(rootGroup(), agent, "bpf-agent", 0, false);
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(null);
            thread.setUncaughtExceptionHandler(agent);
            thread.start();
        } catch (Throwable e) {
            report(e);
        }
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** The life of one agent, on the thread {@code bpf-agent}. */
    @Override
    public void run() {
        boolean begun = false;
        try {
            begun = begin();
            if (begun) {
                runAgent();
            }
        } catch (Throwable e) {
            report(e);
        } finally {
            if (begun) {
                end();
            }
        }
    }

    /** Nothing of ours reaches the host's default handler; {@link #run} has reported it. */
    @Override
    public void uncaughtException(Thread thread, Throwable e) {}

    private static boolean begin() throws InterruptedException {
        synchronized (BpfAgent.class) {
            long deadline = System.nanoTime() + DETACH_WAIT_MS * 1_000_000;
            while (running) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                BpfAgent.class.wait(leftMs);
            }
            running = true;
            return true;
        }
    }

    private static void end() {
        synchronized (BpfAgent.class) {
            running = false;
            BpfAgent.class.notifyAll();
        }
    }

    private void runAgent() throws Exception {
        String jarPath = jarPath();
        TierLoader natives = nativeTier(jarPath);
        try (TierLoader agent = new TierLoader(jarPath, AGENT_PREFIX, natives)) {
            Thread.currentThread().setContextClassLoader(agent);
            // Through an interface of the JDK's: the shape of a reflective call is made of a dozen classes,
            // that of a constructor without arguments is in the JDK's archive.
            @SuppressWarnings("unchecked")
            BiConsumer<String[], Instrumentation> main = (BiConsumer<String[], Instrumentation>)
                    agent.loadClass("io.bpfagent.agent.AgentMain").getDeclaredConstructor().newInstance();
            main.accept(new String[] {arguments, jarPath}, instrumentation);
        } finally {
            dropContextClassLoader();
        }
    }

    private static void dropContextClassLoader() {
        try {
            Thread.currentThread().setContextClassLoader(null);
        } catch (SecurityException e) {
            // A security manager has come after the agent; the thread ends anyway.
        }
    }

    private static synchronized TierLoader nativeTier(String jarPath) throws Exception {
        String version = TierLoader.nativesChecksum(jarPath);
        TierLoader tier = NATIVE_TIERS.get(version);
        if (tier == null) {
            // The platform loader, not the host's class path: a jffi found there is another one.
            tier = new TierLoader(jarPath, NATIVES_PREFIX, ClassLoader.getPlatformClassLoader());
            NATIVE_TIERS.put(version, tier);
        }
        return tier;
    }

    /** The value of {@code jar=}, else where this class came from. */
    private String jarPath() throws Exception {
        String separated = ",".concat(arguments);
        int key = separated.indexOf(",jar=");
        if (key >= 0) {
            int to = separated.indexOf(',', key + 5);
            return separated.substring(key + 5, to < 0 ? separated.length() : to);
        }
        URI location = BpfAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        return new File(location).getPath();
    }

    /** One line on stderr; it must not throw, whatever has happened. */
    private static void report(Throwable e) {
        try {
            Throwable cause = e;
            while (cause.getCause() != null && cause != cause.getCause()) {
                cause = cause.getCause();
            }
            PrintStream err = System.err;
            err.println(new StringBuilder("bpf-agent: Cannot start: ")
                    .append(cause)
                    .append(". The application runs on without the agent; check that the jar is ")
                    .append("complete. See TROUBLESHOOTING.md, \"Cannot start\"."));
        } catch (Throwable ignored) {
            // Nothing is left to be done, and the host must not suffer.
        }
    }
}
