package io.bpfagent.workload;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A system class loader, for {@code -Djava.system.class.loader}, that loads the application's classes itself and asks
 * its parent afterwards only, as some servers' do.
 */
public class OwnSystemLoader extends URLClassLoader {
    /** As the JVM calls it. */
    public OwnSystemLoader(ClassLoader parent) {
        super("own", classPath(), parent);
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(":")).map(OwnSystemLoader::url)
                .toArray(URL[]::new);
    }

    static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            return found == null && !name.startsWith("java.") && !name.equals(OwnSystemLoader.class.getName())
                    ? own(name, resolve) : super.loadClass(name, resolve);
        }
    }

    private Class<?> own(String name, boolean resolve) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return super.loadClass(name, resolve);
        }
    }

    /** One that takes agents at run time: java.lang.instrument wants this method of it. */
    public static final class Open extends OwnSystemLoader {
        /** As the JVM calls it. */
        public Open(ClassLoader parent) {
            super(parent);
        }

        /** Called by the JVM. */
        void appendToClassPathForInstrumentation(String path) {
            addURL(url(path));
        }
    }
}
