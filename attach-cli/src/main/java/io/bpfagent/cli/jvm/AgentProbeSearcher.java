package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;

/**
 * Searches with the classes of the agent's jar that this command carries, in this process: the JVM does nothing for it,
 * needs no agent yet, and an agent out of this jar finds the same by the same code.
 *
 * <p>One static method is called by its name, with types of the JDK alone; nothing native is loaded.
 */
public final class AgentProbeSearcher implements ProbeSearcher {

    private static final String CLASSES = "META-INF/bpf-agent/agent/";
    private static final String OURS = CLASSES + "io/bpfagent/";
    private static final String ENTRY = "io.bpfagent.find.ProbeSearch";

    private final Supplier<InputStream> jar;

    /** @param jar opens the agent's jar */
    public AgentProbeSearcher(Supplier<InputStream> jar) {
        this.jar = jar;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, Object> search(Path process, String pattern, int limit) throws IOException {
        try {
            Method search = new AgentClasses(classes()).loadClass(ENTRY)
                .getMethod("search", String.class, String.class, int.class);
            return (Map<String, Object>) search.invoke(null, process.toString(), pattern, limit);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof IOException hidden) {
                throw hidden;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (ReflectiveOperationException other) {
            throw CliError.JAR_MISSING.because(" of this release (" + other + " in it)."
                + " Use the released attach-cli.jar, or build with: mvn package", other);
        }
    }

    /** Those of the agent proper, some 600 KB, by name. */
    private Map<String, byte[]> classes() throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarInputStream entries = new JarInputStream(jar.get())) {
            for (JarEntry entry = entries.getNextJarEntry(); entry != null; entry = entries.getNextJarEntry()) {
                String name = entry.getName();
                if (name.startsWith(OURS) && name.endsWith(".class")) {
                    classes.put(name.substring(CLASSES.length(), name.length() - ".class".length()).replace('/', '.'),
                        entries.readAllBytes());
                }
            }
        }
        return classes;
    }

    /** Sees nothing of this command, as in the JVM it sees nothing of the application. */
    private static final class AgentClasses extends ClassLoader {

        private final Map<String, byte[]> classes;

        AgentClasses(Map<String, byte[]> classes) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
