package io.bpfagent.cli.record;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.errors.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a recording. One thread.
 *
 * <p>Guarantees: what {@link #write} was given is in the file as a whole, or not at all, unless the machine goes down
 * in the middle; a write that fails leaves what was there before.
 */
final class RecordFile implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private long size;

    private RecordFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the file.
     *
     * @param force whether it may be there already; what it has is gone then
     * @throws CliException with RECORD_EXISTS or RECORD_WRITE
     */
    static RecordFile create(Path path, boolean force) {
        try {
            return new RecordFile(path, force
                ? FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING)
                : FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        } catch (FileAlreadyExistsException there) {
            throw CliError.RECORD_EXISTS.because(" (" + path + "). Give another name, or --force to overwrite it.",
                there);
        } catch (NoSuchFileException missing) {
            throw CliError.RECORD_WRITE.because(" (" + path + ": its directory is not there). Make it, or give"
                + " another name.", missing);
        } catch (IOException failed) {
            throw failed(path, failed, "");
        }
    }

    /** Adds it at the end. */
    void write(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        int length = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, size + length - bytes.remaining());
            }
            size += length;
        } catch (IOException failed) {
            throw failed(path, failed, takeBack());
        }
    }

    /** How large it is, in bytes. */
    long size() {
        return size;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw failed(path, failed, "");
        }
    }

    private String takeBack() {
        try {
            channel.truncate(size);
            return " It has all up to the last whole interval.";
        } catch (IOException broken) {
            return " Its last line may be cut.";
        }
    }

    private static CliException failed(Path path, IOException failed, String rest) {
        return CliError.RECORD_WRITE.because(" (" + path + ": " + IoReason.of(failed) + ")." + rest
            + " Make room, or write to another place.", failed);
    }
}
