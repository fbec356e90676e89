package io.bpfagent.it.latencies;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk's line in {@code /proc/diskstats}: requests that are done since the machine has started. (Documentation of the
 * kernel: admin-guide/iostats.rst.)
 */
record DiskStats(long reads, long readBytes, long writes, long writtenBytes, long flushes) {
    private static final int SECTOR_BYTES = 512;

    /** Of the disk of that name, for example {@code loop0}, now. */
    static DiskStats of(String disk) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/diskstats"))) {
                String[] words = line.strip().split(" +");
                if (words[2].equals(disk)) {
                    return new DiskStats(Long.parseLong(words[3]), Long.parseLong(words[5]) * SECTOR_BYTES,
                            Long.parseLong(words[7]), Long.parseLong(words[9]) * SECTOR_BYTES,
                            Long.parseLong(words[18]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no disk " + disk + " in /proc/diskstats");
    }

    /** What was added since {@code earlier}. */
    DiskStats minus(DiskStats earlier) {
        return new DiskStats(reads - earlier.reads, readBytes - earlier.readBytes, writes - earlier.writes,
                writtenBytes - earlier.writtenBytes, flushes - earlier.flushes);
    }
}
