package io.bpfagent.natives;

import com.kenai.jffi.Init;
import com.kenai.jffi.Library;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The native libraries of this JVM, opened once for its life.
 *
 * <p>libjffi, and the jar's libbpf with the libelf and libz it needs, are extracted, loaded and
 * deleted again. libbpf is opened {@code RTLD_LOCAL} and its SONAME and those of its companions are
 * our own, so that a host which opens its {@code libbpf.so.1} later does not get ours. libbpf
 * prints nothing: errors come back as values.
 *
 * <p>Any thread; the first call takes some 60 ms, so never on a thread of the host's. Instances
 * are immutable.
 */
public final class NativeTier {
    /** uprobe_multi with the filter by process that works, and USDT through it. */
    private static final int MINIMUM_MAJOR = 1;
    private static final int MINIMUM_MINOR = 4;

    /** What was opened, by the value of {@code libbpf=} ("" for the one in the jar). */
    private static final Map<String, NativeTier> OPENED = new HashMap<>();
    private static boolean jffiLoaded;

    private final LibBpf libBpf;
    private final LibC libC;
    private final String libbpfVersion;
    private final Library library;

    private NativeTier(LibBpf libBpf, LibC libC, String libbpfVersion, Library library) {
        this.libBpf = libBpf;
        this.libC = libC;
        this.libbpfVersion = libbpfVersion;
        this.library = library;
    }

    /**
     * The libraries; a later call with the same {@code libbpf} gives the same ones.
     *
     * @param tmpdir where the libraries may stand for the moment of loading; null for
     *     {@code java.io.tmpdir}
     * @param libbpf null for the one in the jar, {@code "system"} for what the dynamic linker
     *     finds, else an absolute path
     * @throws NativeTierException with the line to show to the user
     */
    public static synchronized NativeTier open(String tmpdir, String libbpf)
            throws NativeTierException {
        String key = libbpf == null ? "" : libbpf;
        NativeTier tier = OPENED.get(key);
        if (tier == null) {
            tier = openLibraries(NativeTier.class.getClassLoader(), tmpdir, libbpf);
            OPENED.put(key, tier);
        }
        return tier;
    }

    /** Whether functions of libc can be called: some libraries are open, whichever libbpf it was. */
    public static synchronized boolean isOpen() {
        return jffiLoaded;
    }

    /** Opens them whether or not that has been done, from the resources of {@code source}. */
    static synchronized NativeTier openLibraries(ClassLoader source, String tmpdir, String libbpf)
            throws NativeTierException {
        try (LibraryFiles extracted =
                jffiLoaded && libbpf != null ? null : LibraryFiles.extract(source, tmpdir)) {
            if (!jffiLoaded) {
                loadJffi(extracted.files().get(0));
                jffiLoaded = true;
            }
            Library library =
                    libbpf == null ? openExtracted(extracted.files()) : openNamed(libbpf);
            LibBpf functions = new JffiLibBpf(library);
            String version = checkVersion(functions, libbpf);
            functions.libbpf_set_print(0);
            return new NativeTier(functions, new JffiLibC(), version, library);
        }
    }

    private static void loadJffi(Path file) throws NativeTierException {
        try {
            Init.library(file.toString());
            Init.load();
        } catch (UnsatisfiedLinkError e) {
            throw notLoaded(file, e.getMessage());
        } catch (IllegalCallerException e) {
            throw new NativeTierException("Cannot load the native libraries: the JVM forbids it ("
                    + e.getMessage() + "). Start it with --enable-native-access=ALL-UNNAMED. See"
                    + " TROUBLESHOOTING.md, \"Cannot load the native libraries\".", e);
        }
    }

    /** The companions first: libbpf's needs are then satisfied by their SONAMEs, without a path. */
    private static Library openExtracted(List<Path> files) throws NativeTierException {
        Library last = null;
        for (Path file : files.subList(1, files.size())) {
            last = Library.openLibrary(file.toString(), Library.NOW | Library.LOCAL);
            if (last == null) {
                throw notLoaded(file, Library.getLastError());
            }
        }
        return last;
    }

    static NativeTierException notLoaded(Path file, String cause) {
        Path tmpdir = file.getParent().getParent();
        // glibc's words when mmap(PROT_EXEC) is refused.
        String reason = cause.contains("failed to map segment")
                ? tmpdir + " does not allow execution (mount option noexec)"
                : cause;
        return new NativeTierException("Cannot load the native libraries: " + reason
                + ". Set tmpdir= to a directory on a file system without noexec. See"
                + " TROUBLESHOOTING.md, \"Cannot load the native libraries\".");
    }

    private static Library openNamed(String libbpf) throws NativeTierException {
        String name = libbpf.equals("system") ? "libbpf.so.1" : libbpf;
        String problem = libbpf.equals("system") ? null : TrustedPath.problem(libbpf);
        if (problem != null) {
            throw new NativeTierException("Cannot use libbpf: root loads no library that somebody else could change: "
                    + problem + " (libbpf=" + libbpf + "). Leave libbpf= out, or make file and directories root's. See"
                    + " TROUBLESHOOTING.md, \"Cannot use libbpf\".");
        }
        Library library = Library.openLibrary(name, Library.NOW | Library.LOCAL);
        if (library == null) {
            throw new NativeTierException("Cannot use libbpf: " + Library.getLastError()
                    + " (libbpf=" + libbpf + "). Leave libbpf= out to use the one in the jar, or"
                    + " name an existing one. See TROUBLESHOOTING.md, \"Cannot use libbpf\".");
        }
        return library;
    }

    private static String checkVersion(LibBpf functions, String libbpf) throws NativeTierException {
        int major = functions.libbpf_major_version();
        int minor = functions.libbpf_minor_version();
        String version = major + "." + minor;
        if (major < MINIMUM_MAJOR || major == MINIMUM_MAJOR && minor < MINIMUM_MINOR) {
            throw new NativeTierException("Cannot use libbpf: version " + version
                    + " is older than " + MINIMUM_MAJOR + "." + MINIMUM_MINOR + " (libbpf="
                    + (libbpf == null ? "that of the jar" : libbpf) + "). Leave libbpf= out to use"
                    + " the one in the jar. See TROUBLESHOOTING.md, \"Cannot use libbpf\".");
        }
        return version;
    }

    /** libbpf's functions. */
    public LibBpf libBpf() {
        return libBpf;
    }

    /** libc's functions. */
    public LibC libC() {
        return libC;
    }

    /** What hands descriptors over: looked up at each call, since hardly any process needs it, and no other twice. */
    public HandOverCalls handOverCalls() throws NativeTierException {
        return new JffiHandOverCalls(library);
    }

    /** libbpf's version, e.g. "1.4". */
    public String libbpfVersion() {
        return libbpfVersion;
    }

    /** The errno that the calling thread's last call through these interfaces left. */
    public static int errno() {
        return NativeCalls.errno();
    }

    /**
     * What an error number means, e.g. {@code "EPERM (Operation not permitted)"}.
     *
     * @param error an errno or libbpf's own number (4000 and up), of either sign
     */
    public String errorText(int error) {
        int number = Math.abs(error);
        String name = Errno.name(number);
        try (NativeMemory text = NativeMemory.allocate(256)) {
            libBpf.libbpf_strerror(number, text.address(), text.size());
            String words = NativeMemory.stringAt(text.address());
            return words.isEmpty() ? name : name + " (" + words + ")";
        }
    }

    /**
     * The address of a symbol in a library that this process has loaded already, e.g.
     * {@code gHotSpotVMStructs} in libjvm.so; 0 when the library or the symbol is not there.
     *
     * @param libraryPath as it stands in {@code /proc/self/maps}
     */
    public static long symbolAddress(String libraryPath, String symbol) {
        Library library = Library.openLibrary(libraryPath, Library.LAZY | Library.LOCAL);
        if (library == null) {
            return 0;
        }
        return library.getSymbolAddress(symbol);
    }
}
