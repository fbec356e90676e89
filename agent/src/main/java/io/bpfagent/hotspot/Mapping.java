package io.bpfagent.hotspot;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * The first mapping of a library in this process.
 *
 * @param begin where it is mapped
 * @param end   first address behind the mapping
 * @param path  the file as {@code /proc/self/maps} names it, without " (deleted)"
 */
record Mapping(long begin, long end, String path) {
    private static final String DELETED = " (deleted)";

    /**
     * Where the libraries of this file name begin (the mapping with file offset 0), in the order of
     * {@code /proc/self/maps}.
     *
     * @param prefix of the last part of the path, e.g. {@code "libjvm.so"} or {@code "libc.so"}
     */
    static List<Mapping> ofLibrary(String prefix) throws IOException {
        List<Mapping> found = new ArrayList<>();
        try (BufferedReader maps = new BufferedReader(new InputStreamReader(
                new FileInputStream("/proc/self/maps"), StandardCharsets.UTF_8))) {
            for (String line; (line = maps.readLine()) != null; ) {
                int slash = line.indexOf('/');
                if (slash < 0 || !line.startsWith(prefix, line.lastIndexOf('/') + 1)) {
                    continue;
                }
                // 7f12a000-7f12b000 r--p 00000000 fe:00 1234   /path
                StringTokenizer fields = new StringTokenizer(line.substring(0, slash));
                String range = fields.nextToken();
                fields.nextToken();
                if (Long.parseLong(fields.nextToken(), 16) != 0) {
                    continue;
                }
                int dash = range.indexOf('-');
                String path = line.substring(slash);
                found.add(new Mapping(Long.parseUnsignedLong(range.substring(0, dash), 16),
                        Long.parseUnsignedLong(range.substring(dash + 1), 16),
                        path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path));
            }
        }
        return found;
    }

    /** The same file even when its path now leads elsewhere; opening it needs CAP_CHECKPOINT_RESTORE. */
    String mapFile() {
        return "/proc/self/map_files/" + Long.toHexString(begin) + '-' + Long.toHexString(end);
    }
}
