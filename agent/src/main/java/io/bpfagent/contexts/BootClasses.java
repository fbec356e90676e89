package io.bpfagent.contexts;

import io.bpfagent.kernel.KernelException;
import io.bpfagent.natives.TrustedPath;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;

/**
 * Makes the boot loader know the classes that hooks call: {@code META-INF/bpf-agent/boot.jar} in the agent's jar.
 *
 * <p>They are given to the boot loader one by one, as the JDK gives itself classes that it makes. Appending the jar to
 * the boot class path does the same, but from then on HotSpot uses none of the host's archived classes (CDS), and says
 * so on stderr; that is done only where the first way is refused.
 *
 * <p>Assumptions: one thread calls. Guarantees: what of it is there already stays, for the JVM's life.
 */
public final class BootClasses {
    private static final String JAR = "META-INF/bpf-agent/boot.jar";
    private static final String RUNTIME = "io.bpfagent.boot.ContextRuntime";
    /** What this agent's {@code ContextRuntime.version()} says. */
    private static final int VERSION = 1;

    private record ClassFile(String name, byte[] bytes) {}

    private BootClasses() {
    }

    /**
     * Afterwards classes that name {@code io.bpfagent.boot} can be loaded.
     *
     * @param tmpdir where the jar is put for a moment, if it has to be a file
     * @throws KernelException if that is not to be had
     */
    public static void define(Instrumentation instrumentation, String tmpdir) throws KernelException {
        try {
            if (find() == null) {
                defineAll(instrumentation, tmpdir);
            }
            Class<?> runtime = find();
            if (runtime == null) {
                throw new KernelException("Cannot follow contexts", ": the boot loader does not take " + RUNTIME
                        + ". All else works without contexts=, trace=, requests= and virtual=; please report it.");
            }
            int version = (Integer) runtime.getMethod("version").invoke(null);
            if (version != VERSION) {
                throw new KernelException("Cannot follow contexts",
                        ": an agent of another version was in this JVM before"
                        + " (its hooks have version " + version + ", this one's " + VERSION + "). Start the JVM anew.");
            }
            // For Thread's field tid, for getId() is anybody's on Java 17; and for memory without bounds checks.
            instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                    Map.of("jdk.internal.misc", Set.of(runtime.getModule())), Map.of(), Set.of(), Map.of());
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw new KernelException("Cannot follow contexts", ": " + e + " (tmpdir=" + tmpdir + "). All else works"
                    + " without contexts=, trace=, requests= and virtual=.");
        }
    }

    private static Class<?> find() {
        try {
            return Class.forName(RUNTIME, false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static void defineAll(Instrumentation instrumentation, String tmpdir) throws IOException {
        try {
            List<ClassFile> files = files();
            Definer definer = new Definer(instrumentation);
            // A class can be defined after those that it extends.
            while (!files.isEmpty()) {
                if (!definer.defineSome(files)) {
                    throw new IllegalStateException(files.get(0).name);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            append(instrumentation, tmpdir);
        }
    }

    private static InputStream jar() throws IOException {
        InputStream in = BootClasses.class.getClassLoader().getResourceAsStream(JAR);
        if (in == null) {
            throw new IOException(JAR + " is not in the jar");
        }
        return in;
    }

    private static List<ClassFile> files() throws IOException {
        List<ClassFile> files = new ArrayList<>();
        try (JarInputStream in = new JarInputStream(jar())) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                String name = entry.getName();
                if (name.endsWith(".class")) {
                    files.add(new ClassFile(name.substring(0, name.length() - 6).replace('/', '.'), in.readAllBytes()));
                }
            }
        }
        return files;
    }

    /** The JDK's own way of defining a class, opened to this tier by what an agent may do. */
    private static final class Definer {
        private final Object unsafe;
        private final Method define;

        Definer(Instrumentation instrumentation) throws ReflectiveOperationException {
            instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                    Map.of("jdk.internal.misc", Set.of(BootClasses.class.getModule())), Map.of(), Set.of(), Map.of());
            Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
            this.unsafe = type.getMethod("getUnsafe").invoke(null);
            this.define = type.getMethod("defineClass", String.class, byte[].class, int.class, int.class,
                    ClassLoader.class, ProtectionDomain.class);
        }

        /** Takes out of the list what it has defined. @return whether there was anything */
        boolean defineSome(List<ClassFile> files) throws ReflectiveOperationException {
            int before = files.size();
            for (int i = files.size() - 1; i >= 0; i--) {
                ClassFile file = files.get(i);
                try {
                    define.invoke(unsafe, file.name, file.bytes, 0, file.bytes.length, null, null);
                    files.remove(i);
                } catch (InvocationTargetException e) {
                    if (!(e.getCause() instanceof NoClassDefFoundError)) {
                        throw e;
                    }
                }
            }
            return files.size() < before;
        }
    }

    /** The JVM has opened the file when this returns, and needs its name no more. */
    private static void append(Instrumentation instrumentation, String tmpdir) throws IOException {
        String problem = TrustedPath.problem(tmpdir);
        if (problem != null) {
            throw new IOException("root loads no classes that somebody else could change: " + problem);
        }
        File file = File.createTempFile("bpf-agent-boot-", ".jar", new File(tmpdir));
        try {
            try (InputStream in = jar(); OutputStream out = new FileOutputStream(file)) {
                in.transferTo(out);
            }
            try (JarFile opened = new JarFile(file)) {
                instrumentation.appendToBootstrapClassLoaderSearch(opened);
            }
        } finally {
            // Not deleteOnExit: the list of that grows for the JVM's life.
            if (!file.delete()) {
                file.deleteOnExit();
            }
        }
    }
}
