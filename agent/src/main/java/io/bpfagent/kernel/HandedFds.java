package io.bpfagent.kernel;

import io.bpfagent.handover.HandOverException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/**
 * Whether descriptors that came from outside are what they are said to be, by the kernel's word in
 * {@code /proc/self/fdinfo} (proc_pid_fdinfo(5)).
 *
 * <p>It matters because what they stand for is mapped: a file in place of a map could be cut short later, and touching
 * it would end the JVM.
 */
final class HandedFds {
    /** enum bpf_map_type. */
    private static final int ARRAY = 2;
    private static final int RING = 27;
    /** BPF_F_MMAPABLE. */
    private static final long MAPPABLE = 1 << 10;

    private HandedFds() {}

    /** An array that can be mapped, of so many values of so many bytes. */
    static void checkArray(String name, int fd, long valueBytes, long entries) throws HandOverException {
        String info = info(name, fd);
        if (number(info, "map_type") != ARRAY || (number(info, "map_flags") & MAPPABLE) == 0
                || number(info, "value_size") != valueBytes || number(info, "max_entries") != entries) {
            throw new HandOverException(name + " is not an array of " + entries + " values of " + valueBytes
                    + " bytes that can be mapped");
        }
    }

    /** A ring buffer with room for so many bytes. */
    static void checkRing(String name, int fd, long bytes) throws HandOverException {
        String info = info(name, fd);
        if (number(info, "map_type") != RING || number(info, "max_entries") != bytes) {
            throw new HandOverException(name + " is not a ring buffer of " + bytes + " bytes");
        }
    }

    /** A link of a program, or what stands for one on an older kernel. */
    static void checkLink(int fd) throws HandOverException {
        String file;
        try {
            file = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(fd))).toString();
        } catch (IOException e) {
            throw new HandOverException("a link cannot be looked at: " + e);
        }
        if (!file.equals("anon_inode:bpf_link") && !file.equals("anon_inode:[perf_event]")) {
            throw new HandOverException(file + " is no link of a program");
        }
    }

    private static String info(String name, int fd) throws HandOverException {
        try (FileInputStream in = new FileInputStream("/proc/self/fdinfo/" + fd)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new HandOverException(name + " cannot be looked at: " + e);
        }
    }

    /** -1 where there is none. */
    private static long number(String info, String key) {
        int at = info.indexOf('\n' + key + ':');
        if (at < 0) {
            return -1;
        }
        try {
            return Long.decode(new StringTokenizer(info.substring(at + key.length() + 2)).nextToken());
        } catch (RuntimeException e) {
            return -1;
        }
    }
}
