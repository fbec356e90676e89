package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;

/**
 * The classes of the agent's jar that this command carries, run in this process: what it finds out so is what an agent
 * out of this jar would find.
 *
 * <p>They stand in two class loaders, natives and all else, as in a JVM, and see nothing of this command. Static
 * methods are called by their names, with types of the JDK alone. One thread at a time.
 */
public final class AgentCode {

    private static final String OURS = "META-INF/bpf-agent/";
    private static final String NATIVES = OURS + "natives/";
    private static final String AGENT = OURS + "agent/";
    private static final String CLASS = ".class";

    private final ClassLoader classes;

    /**
     * Reads the jar, 5 MB of memory for as long as this is used.
     *
     * @param jar opens it
     */
    public AgentCode(Supplier<InputStream> jar) throws IOException {
        Map<String, byte[]> entries = entries(jar);
        classes = new Tier(AGENT, entries, new Tier(NATIVES, entries, ClassLoader.getPlatformClassLoader()));
    }

    /**
     * Calls a static method.
     *
     * @throws Exception what the method has thrown
     */
    public Object call(String className, String method, Class<?>[] types, Object... arguments) throws Exception {
        try {
            return classes.loadClass(className).getMethod(method, types).invoke(null, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() instanceof Exception told ? told : new IllegalStateException(failed.getCause());
        } catch (ReflectiveOperationException other) {
            throw CliError.JAR_MISSING.because(" of this release (" + other + " in it)."
                + " Use the released attach-cli.jar, or build with: mvn package", other);
        }
    }

    private static Map<String, byte[]> entries(Supplier<InputStream> jar) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (JarInputStream in = new JarInputStream(jar.get())) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                if (entry.getName().startsWith(OURS) && !entry.isDirectory()) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }

    /** What stands below a prefix of the jar; of resources also what has its full name. */
    private static final class Tier extends ClassLoader {

        private final String prefix;
        private final Map<String, byte[]> entries;

        Tier(String prefix, Map<String, byte[]> entries, ClassLoader parent) {
            super(parent);
            this.prefix = prefix;
            this.entries = entries;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = entries.get(prefix + name.replace('.', '/') + CLASS);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] bytes = entries.getOrDefault(prefix + name, entries.get(name));
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        }
    }
}
