package io.bpfagent.cli.report;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.errors.IoReason;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is there as a whole or not at all: it is written beside its place and moved there. One thread.
 *
 * <p>Guarantees: what was there before stays until the new one is whole. A device or pipe is written to as it is.
 */
final class PageFile {

    private final Path path;
    private final Path place;
    private final boolean special;

    /** Writes what is to be in the file. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream to) throws IOException;
    }

    /**
     * Looks whether it may be written.
     *
     * @param force whether it may be there already
     * @throws CliException with REPORT_EXISTS or REPORT_WRITE
     */
    PageFile(Path path, boolean force) {
        this.path = path;
        if (Files.exists(path) && !force) {
            throw CliError.REPORT_EXISTS.because(" (" + path + "). Give another name, or --force to overwrite it.");
        }
        if (Files.isDirectory(path)) {
            throw CliError.REPORT_WRITE.because(" (" + path + ": it is a directory). Give another name.");
        }
        try {
            // What a link leads to is written, and not the link.
            place = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        } catch (IOException failed) {
            throw failed(failed);
        }
        special = Files.exists(path) && !Files.isRegularFile(path);
        if (!Files.isDirectory(place.getParent())) {
            throw CliError.REPORT_WRITE.because(" (" + path + ": its directory is not there). Make it, or give"
                + " another name.");
        }
    }

    /** Writes it; returns its size in bytes. */
    long write(Body body) {
        Path beside = special ? place
            : place.resolveSibling("." + place.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            long size;
            try (FileChannel channel = special ? FileChannel.open(beside, StandardOpenOption.WRITE)
                    : FileChannel.open(beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
                Counted to = new Counted(Channels.newOutputStream(channel));
                body.write(to);
                size = to.size;
            }
            if (!special) {
                Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
            }
            return size;
        } catch (IOException failed) {
            takeAway(beside);
            throw failed(failed);
        } catch (RuntimeException | Error failed) {
            takeAway(beside);
            throw failed;
        }
    }

    private void takeAway(Path beside) {
        if (!special) {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException stays) {
                // What could not be written is told.
            }
        }
    }

    private CliException failed(IOException failed) {
        return CliError.REPORT_WRITE.because(" (" + path + ": " + IoReason.of(failed) + "). Make room, or write to"
            + " another place.", failed);
    }

    /** Tells how much it was; a device has no size. */
    private static final class Counted extends FilterOutputStream {
        private long size;

        Counted(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            size++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            size += length;
        }
    }
}
