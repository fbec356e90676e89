package io.bpfagent.it.latencies;

import io.bpfagent.it.Await;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A disk of the test's own: a loop device with a file system of ext4, of which everything is on the disk before it is
 * mounted, and whose journal is written only when somebody asks for it. Close it after its users have ended.
 */
public final class LoopDisk implements AutoCloseable {
    private static final Duration UNUSED_WITHIN = Duration.ofSeconds(60);

    private final Path image;
    private final Path directory;
    private String device;
    private boolean mounted;

    private LoopDisk(Path parent) {
        this.image = parent.resolve("disk");
        this.directory = parent.resolve("mounted");
    }

    /**
     * Makes one of that size.
     *
     * @param parent an empty directory for the image and the mount
     */
    public static LoopDisk create(Path parent, long bytes) {
        LoopDisk disk = new LoopDisk(parent);
        try {
            disk.mount(bytes);
            return disk;
        } catch (IOException e) {
            disk.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            disk.close();
            throw e;
        }
    }

    private void mount(long bytes) throws IOException {
        Files.createDirectory(directory);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Tools.run("mkfs.ext4", "-q", "-b", "4096", "-E",
                "lazy_itable_init=0,lazy_journal_init=0,nodiscard", image.toString());
        device = Tools.run("losetup", "--find", "--show", image.toString()).strip();
        Tools.run("mount", "-o", "noatime,commit=600", device, directory.toString());
        mounted = true;
    }

    /** Where its file system is. */
    public Path directory() {
        return directory;
    }

    /** Its name in {@code /proc/diskstats}. */
    public String name() {
        return Path.of(device).getFileName().toString();
    }

    /** What it has done. */
    DiskStats stats() {
        return DiskStats.of(name());
    }

    /** Unmounts it and takes the loop device down; what has not been made is left out. */
    @Override
    public void close() {
        try {
            if (mounted) {
                Await.until(UNUSED_WITHIN, () -> directory + " unused", this::isUnmounted);
                mounted = false;
            }
        } finally {
            // Of a device that is still in use the kernel does it at the end of that use.
            if (device != null) {
                Tools.run("losetup", "--detach", device);
                device = null;
            }
        }
    }

    private boolean isUnmounted() {
        try {
            Tools.run("umount", directory.toString());
            return true;
        } catch (AssertionError e) {
            return false; // a process that was killed is not gone yet
        }
    }
}
