package io.bpfagent.find;

import io.bpfagent.hotspot.Mapping;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The libraries that a process has mapped, as they are when this is made. */
final class Libraries {
    private static final String SUFFIX = ".so";
    private static final String LIBJVM = "libjvm.so";

    private final String root;
    private final List<Mapping> mapped;

    /**
     * Reads the mappings.
     *
     * @param maps of the process: {@code /proc/PID/maps}
     * @param root what is put before a path of the process so that this one can open it: {@code /proc/PID/root}, or
     *             nothing
     */
    Libraries(String maps, String root) throws IOException {
        this.root = root;
        this.mapped = inside(Mapping.libraries(Mapping.maps(maps)), root);
    }

    /**
     * The paths as the process sees them: after chroot(2) the kernel shows another process those from its own root on,
     * where it can reach them from there.
     */
    private static List<Mapping> inside(List<Mapping> mapped, String root) {
        String prefix = root.isEmpty() ? "" : target(root);
        if (prefix.length() <= 1) {
            return mapped;
        }
        List<Mapping> inside = new ArrayList<>(mapped.size());
        for (Mapping mapping : mapped) {
            boolean below = mapping.path().startsWith(prefix + '/');
            inside.add(!below ? mapping : new Mapping(mapping.begin(), mapping.end(),
                    mapping.path().substring(prefix.length()), mapping.deleted()));
        }
        return inside;
    }

    private static String target(String link) {
        try {
            return Files.readSymbolicLink(Path.of(link)).toString();
        } catch (IOException e) {
            return ""; // no link, as in tests, or one that this user may not read
        }
    }

    /** All of them, each file once; those that have been replaced or deleted are left out. */
    List<Library> all() {
        List<Library> all = new ArrayList<>();
        for (Mapping mapping : mapped) {
            Library library = library(mapping.path());
            if (!mapping.deleted() && !all.contains(library)) {
                all.add(library);
            }
        }
        return all;
    }

    /**
     * The one that a user means.
     *
     * @param name a path, or the name of a mapped file with or without its version: {@code libc}, {@code libc.so.6}.
     *             The JDK's own need not be mapped yet
     */
    Library find(String name) throws ProbeException {
        if (name.startsWith("/")) {
            if (!new File(root + name).isFile()) {
                throw new ProbeException("No such library", " (there is no file " + name + ").");
            }
            return library(name);
        }
        List<Library> found = new ArrayList<>();
        for (Mapping mapping : mapped) {
            Library library = library(mapping.path());
            if (isNamed(library.name(), name)) {
                if (mapping.deleted()) {
                    throw new ProbeException("No such library", " (the mapped " + mapping.path()
                            + " has been replaced or deleted). Restart the JVM.");
                }
                if (!found.contains(library)) {
                    found.add(library);
                }
            }
        }
        if (found.size() > 1) {
            throw new ProbeException("More than one library", " (" + name + " is " + found.get(0).path() + " or "
                    + found.get(1).path() + "). Name one by its path.");
        }
        Library library = found.isEmpty() ? ofTheJdk(name) : found.get(0);
        if (library == null) {
            throw new ProbeException("No such library", " (" + name + " is not mapped" + nearest(name)
                    + "). Name a mapped one, or a file by its path.");
        }
        return library;
    }

    private Library library(String path) {
        return new Library(path, root + path);
    }

    /** Beside the directory of libjvm; null when there is none. */
    private Library ofTheJdk(String name) {
        for (Mapping mapping : mapped) {
            File directory = new File(mapping.path()).getParentFile();
            if (mapping.path().endsWith('/' + LIBJVM) && directory.getParent() != null && name.indexOf('/') < 0) {
                String path = directory.getParent() + '/' + (name.endsWith(SUFFIX) ? name : name + SUFFIX);
                if (new File(root + path).isFile()) {
                    return library(path);
                }
            }
        }
        return null;
    }

    private String nearest(String name) {
        Nearest nearest = new Nearest(name);
        for (Library library : all()) {
            nearest.offer(shortName(library));
        }
        return nearest.sentence();
    }

    /** What a user writes for it: {@code libjvm}, {@code libc.so.6}, or the path where that means several. */
    String shortName(Library library) {
        String name = library.name();
        String written = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        for (Mapping other : mapped) {
            if (!other.path().equals(library.path()) && isNamed(library(other.path()).name(), written)) {
                return library.path();
            }
        }
        return written;
    }

    /** Before glibc 2.34 the file of libc.so.6 was libc-2.31.so: such a version is no part of the name. */
    private static boolean isNamed(String file, String wanted) {
        return file.equals(wanted) || base(file).equals(base(wanted))
                && (version(wanted).isEmpty() || version(file).isEmpty() || version(file).equals(version(wanted)));
    }

    private static String base(String name) {
        int suffix = name.indexOf(SUFFIX);
        String base = suffix < 0 ? name : name.substring(0, suffix);
        int digits = base.length();
        while (digits > 0 && (base.charAt(digits - 1) >= '0' && base.charAt(digits - 1) <= '9'
                || base.charAt(digits - 1) == '.')) {
            digits--;
        }
        boolean dashed = digits < base.length() && digits > 1 && base.charAt(digits - 1) == '-';
        return dashed ? base.substring(0, digits - 1) : base;
    }

    /** What stands behind {@code .so}. */
    private static String version(String name) {
        int suffix = name.indexOf(SUFFIX);
        return suffix < 0 ? "" : name.substring(suffix + SUFFIX.length());
    }
}
