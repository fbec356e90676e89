package io.bpfagent.export;

import io.bpfagent.extension.Extension;
import io.bpfagent.extension.ExtensionException;
import io.bpfagent.extension.ExtensionFactory;
import io.bpfagent.extension.ExtensionHost;
import io.bpfagent.natives.TrustedPath;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The jar of an extension, with the loader of its classes: the child of the agent's tier, so that it sees the agent's
 * classes and never the host's. The file stays open until it is closed.
 */
final class ExtensionJar implements AutoCloseable {
    private static final String SERVICE = "META-INF/services/" + ExtensionFactory.class.getName();

    private final Path path;
    private final URLClassLoader loader;

    private ExtensionJar(Path path, URLClassLoader loader) {
        this.path = path;
        this.loader = loader;
    }

    /**
     * Looks at the jar and loads nothing yet.
     *
     * @param given as the user has named it: from the working directory, a bare name also beside the agent's own jar
     * @throws ExportException if it is not there, may not be loaded, or is no extension for this agent
     */
    static ExtensionJar open(Path given) throws ExportException {
        Path path = find(given);
        String problem = TrustedPath.problem(path.toString());
        if (problem != null) {
            throw refused(path, "root loads no classes that somebody else could change, and " + problem,
                    "Put it where only root can write");
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            check(path, jar);
        } catch (IOException | SecurityException e) {
            throw refused(path, String.valueOf(e.getMessage()), "Give it a whole jar that this user may read");
        }
        try {
            // Of a file, whose jar this loader opens itself: the JDK's cache of jars, which the host shares, is left
            // alone.
            return new ExtensionJar(path, new URLClassLoader(path.getFileName().toString(),
                    new URL[] {path.toUri().toURL()}, ExtensionJar.class.getClassLoader()));
        } catch (IOException | SecurityException e) {
            throw refused(path, String.valueOf(e.getMessage()), "Please report it");
        }
    }

    private static Path find(Path given) throws ExportException {
        Path path = given.toAbsolutePath();
        if (!Files.isRegularFile(path) && given.getParent() == null) {
            Path own = ownDirectory();
            if (own != null && Files.isRegularFile(own.resolve(given))) {
                return own.resolve(given);
            }
        }
        if (!Files.isRegularFile(path)) {
            throw refused(path, "this JVM sees no such file",
                    "Give the jar's path as the JVM sees it, in a container that within it");
        }
        return path;
    }

    /** Where the agent's jar is; null when that cannot be told. */
    private static Path ownDirectory() {
        try {
            return Path.of(ExtensionJar.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        } catch (Exception e) {
            return null;
        }
    }

    private static void check(Path path, JarFile jar) throws IOException, ExportException {
        Manifest manifest = jar.getManifest();
        String schema = manifest == null ? null : manifest.getMainAttributes().getValue(ExtensionFactory.ATTRIBUTE);
        if (schema == null || jar.getEntry(SERVICE) == null) {
            throw refused(path, "it is no extension of bpf-agent", "An extension's manifest has "
                    + ExtensionFactory.ATTRIBUTE + ", and its META-INF/services names its factory");
        }
        if (!schema.strip().equals(Integer.toString(ExtensionFactory.SCHEMA))) {
            throw refused(path, "it is for an agent of schema " + schema.strip() + ", this one has "
                    + ExtensionFactory.SCHEMA, "Take both jars from one version of bpf-agent");
        }
    }

    /**
     * Has it opened.
     *
     * @throws ExportException if it cannot be had; this jar has still to be closed
     */
    Extension extension(ExtensionHost host) throws ExportException {
        try {
            Iterator<ExtensionFactory> factories = ServiceLoader.load(ExtensionFactory.class, loader).iterator();
            if (!factories.hasNext()) {
                throw refused(path, "its META-INF/services names no factory", "Please report it to whoever made it");
            }
            return factories.next().open(host);
        } catch (ExtensionException e) {
            throw new ExportException(e.getMessage());
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            Throwable cause = e instanceof ServiceConfigurationError && e.getCause() != null ? e.getCause() : e;
            throw refused(path, cause.toString(), "Take both jars from one version of bpf-agent, or report it");
        }
    }

    private static ExportException refused(Path path, String why, String remedy) {
        return new ExportException("Cannot load an extension: " + path + ": " + oneLine(why) + ". " + remedy
                + ". All else works. See TROUBLESHOOTING.md, \"Cannot load an extension\".");
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    /** What the user knows it by. */
    String name() {
        return path.getFileName().toString();
    }

    /** No class is loaded out of it any more. */
    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            // It has been read, and nothing is written to it: there is nothing to do about this.
            return;
        }
    }
}
