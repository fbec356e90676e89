package io.bpfagent.find;

import io.bpfagent.hotspot.ElfFile;
import java.io.File;
import java.io.IOException;

/**
 * A file with code.
 *
 * @param path as the process that has mapped it, and the kernel in its place, can open it
 * @param file as this process can
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
        return new ElfFile(file);
    }

    ProbeException unreadable(Exception e) {
        return new ProbeException("Cannot read a library", " (" + path + ": "
                + (e.getMessage() == null ? e : e.getMessage()) + "). It must be a 64-bit little-endian ELF file that may be read.");
    }
}
