package io.bpfagent.hotspot;

import io.bpfagent.natives.PinnedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the mappings and files of a process are to be found by the one that looks.
 *
 * @param process its directory in /proc
 * @param root    what is put before a path of the process so that this one can open it; empty for its own
 */
public record ProcessFiles(String process, String root) {
    /** This process's own. */
    public static final ProcessFiles OWN = new ProcessFiles("/proc/self", "");

    /** Another's, which may have another root directory. @param pid as this process sees it */
    public static ProcessFiles of(int pid) {
        String process = "/proc/" + pid;
        return new ProcessFiles(process, process + "/root");
    }

    /**
     * Whether no symbolic link is on the way to this path of the process. From another process's root directory an
     * absolute one would be followed in this one's; mappings name files without any.
     */
    boolean isDirect(String path) {
        if (root.isEmpty()) {
            return true;
        }
        Path way = Path.of(root);
        for (Path part : Path.of(path)) {
            way = way.resolve(part);
            if (Files.isSymbolicLink(way)) {
                return false;
            }
        }
        return true;
    }

    /** A file of the process, which must be closed; of another process no link may be on the way to it. */
    ElfFile open(String path) throws IOException {
        return root.isEmpty() ? new ElfFile(path) : ElfFile.below(root, path, PinnedFile.Links.REFUSED);
    }

    byte[] maps() throws IOException {
        return Mapping.maps(process + "/maps");
    }

    /**
     * The libjvm.so that the process has mapped, by its file alone: nothing in the process's memory is looked at.
     *
     * @param waitBarrier {@link LibJvm#waitBarrier}, from somebody who has looked
     */
    public Finding<LibJvm> libJvm(long waitBarrier) {
        try {
            byte[] maps = maps();
            List<Mapping> libraries = Mapping.ofLibrary(maps, "libjvm.so");
            for (Mapping library : libraries) {
                LibJvm found = read(library, waitBarrier);
                if (found != null) {
                    return Finding.found(found);
                }
            }
            return Finding.missing(libraries.isEmpty() ? "no libjvm.so is mapped"
                    : libraries.get(0).path() + " cannot be opened");
        } catch (IOException | RuntimeException e) {
            return Finding.missing("libjvm.so cannot be looked up: " + e);
        }
    }

    private LibJvm read(Mapping library, long waitBarrier) {
        // Exactly the file that is mapped, whatever has become of its name.
        String exactly = process + "/map_files/" + Long.toHexString(library.begin()) + '-'
                + Long.toHexString(library.end());
        try (ElfFile file = ElfFile.behind(exactly)) {
            return libJvm(library, exactly, file, waitBarrier);
        } catch (IOException | RuntimeException e) {
            // without the capability for it, or of another root directory
        }
        if (!library.deleted() && isDirect(library.path())) {
            try (ElfFile file = open(library.path())) {
                return libJvm(library, root + library.path(), file, waitBarrier);
            } catch (IOException | RuntimeException e) {
                return null;
            }
        }
        return null;
    }

    private static LibJvm libJvm(Mapping library, String name, ElfFile file, long waitBarrier) throws IOException {
        return new LibJvm(library.path(), Optional.of(name), library.begin(), 0, file.usdtSites(), waitBarrier);
    }
}
