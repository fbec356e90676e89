package io.bpfagent;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads the classes that stand under one prefix of the agent's jar, where the host never looks.
 *
 * <p>What stands under the prefix is taken from there even if the parent has a class of that name;
 * everything else comes from the parent. Resources are given as streams only (an URL would leave
 * the jar open in the JDK's cache): those under the prefix, then those whose full name begins with
 * {@code META-INF/bpf-agent/}.
 *
 * <p>The jar stays open, so that it may be deleted or replaced (by renaming) while the agent runs.
 * Its content is not copied into memory: that would cost as much resident memory as the agent
 * itself. Overwriting the file in place can therefore end the agent, never the host.
 *
 * <p>Any number of threads may load at once.
 */
public final class TierLoader extends ClassLoader implements Closeable {
    static {
        registerAsParallelCapable();
    }

    private static final String OWN = "META-INF/bpf-agent/";
    private static final String NATIVES_CHECKSUM = "META-INF/bpf-agent/natives.checksum";

    /** Most class files are smaller. */
    private static final int COMMON_CLASS_BYTES = 16 * 1024;

    /** For the next class file: 700 KiB of them, each in an array of its own, would be that much resident memory. */
    private final AtomicReference<byte[]> spare = new AtomicReference<>();
    private final ZipFile jar;
    private final String prefix;
    private final ProtectionDomain domain;
    /** For getParent() asks the security manager, if there is one, whoever calls it. */
    private final ClassLoader parent;

    /**
     * A loader of what stands under {@code prefix}, which ends with a slash; a parent is needed.
     *
     * @throws IOException if the jar cannot be opened
     */
    public TierLoader(String jarPath, String prefix, ClassLoader parent) throws IOException {
        super(parent);
        this.parent = parent;
        File file = new File(jarPath);
        this.jar = new ZipFile(file);
        this.prefix = prefix;
        // With the loader, so that a security manager's policy decides (JDK 17 can have one).
        this.domain = new ProtectionDomain(
                new CodeSource(file.toURI().toURL(), (Certificate[]) null), null, this, null);
    }

    /** A text that is equal for two jars when the native tier in them is; made by the build. */
    static String nativesChecksum(String jarPath) throws IOException {
        try (ZipFile jar = new ZipFile(jarPath)) {
            ZipEntry entry = jar.getEntry(NATIVES_CHECKSUM);
            if (entry == null) {
                throw new IOException("there is no ".concat(NATIVES_CHECKSUM).concat(" in ").concat(jarPath));
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                ZipEntry entry = classEntry(name);
                found = entry == null ? parent.loadClass(name) : define(name, entry);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private ZipEntry classEntry(String name) {
        if (name.startsWith("java.")) {
            return null;
        }
        try {
            return jar.getEntry(prefix.concat(name.replace('.', '/')).concat(".class"));
        } catch (IllegalStateException closed) {
            return null;
        }
    }

    private Class<?> define(String name, ZipEntry entry) throws ClassNotFoundException {
        try (InputStream in = jar.getInputStream(entry)) {
            int size = (int) entry.getSize();
            byte[] bytes = spare.getAndSet(null);
            if (bytes == null || bytes.length < size) {
                bytes = new byte[Math.max(size, COMMON_CLASS_BYTES)];
            }
            int read = in.readNBytes(bytes, 0, size);
            Class<?> defined = defineClass(name, bytes, 0, read, domain);
            spare.set(bytes);
            return defined;
        } catch (IOException | IllegalStateException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        try {
            ZipEntry entry = jar.getEntry(prefix.concat(name));
            if (entry == null && name.startsWith(OWN)) {
                entry = jar.getEntry(name);
            }
            return entry == null
                    ? parent.getResourceAsStream(name)
                    : jar.getInputStream(entry);
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    /** Closes the jar; classes that are loaded already go on working. */
    @Override
    public void close() throws IOException {
        jar.close();
    }
}
