package com.kenai.jffi;

/**
 * Takes the place of jffi's class of this name: loads the library that we have extracted.
 *
 * <p>jffi's own looks for its stub through the system class loader and the thread's context class
 * loader first, and so finds the jffi of a host that has one (of another version, whose native
 * library then does not fit); it also extracts where and what it likes. jffi cannot be relocated,
 * since the names of its JNI functions carry its package.
 *
 * <p>{@code load()} is all that jffi 1.4 calls ({@code Foreign$InstanceHolder}).
 */
public final class Init {
    private static String path;
    private static boolean loaded;

    private Init() {}

    /** Says which file {@link #load()} loads; without effect when that has happened. */
    public static synchronized void library(String absolutePath) {
        path = absolutePath;
    }

    /**
     * Loads the library once. The library belongs to this class's loader, as do the classes that
     * have native methods.
     */
    public static synchronized void load() {
        if (!loaded) {
            if (path == null) {
                throw new UnsatisfiedLinkError("no path has been given for libjffi");
            }
            System.load(path);
            loaded = true;
        }
    }
}
