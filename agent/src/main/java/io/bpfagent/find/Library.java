package io.bpfagent.find;

import io.bpfagent.hotspot.ElfFile;
import io.bpfagent.natives.PinnedFile;
import java.io.File;
import java.io.IOException;

/**
 * A file with code.
 *
 * @param path as the process that has mapped it, and the kernel in its place, can open it
 * @param file as this process can: the same behind that process's root directory, if it is another
 */
record Library(String path, String file) {
    /** Without its directory. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The file, which must be closed. */
    ElfFile open() throws ProbeException {
        try {
            return read();
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    /** The file, which must be closed. */
    ElfFile read() throws IOException {
        if (!new File(file).isFile()) {
            throw new IOException("no file"); // of what is there in its place, opening a pipe would never end
        }
        // A user may name a file by a link, which leads where it would lead that process.
        String root = file.substring(0, file.length() - path.length());
        return root.isEmpty() ? new ElfFile(file) : ElfFile.below(root, path, PinnedFile.Links.INSIDE);
    }

    ProbeException unreadable(Exception e) {
        return new ProbeException("Cannot read a library", " (" + path + ": "
                + (e.getMessage() == null ? e : e.getMessage())
                + "). It must be a 64-bit little-endian ELF file that may be read.");
    }
}
