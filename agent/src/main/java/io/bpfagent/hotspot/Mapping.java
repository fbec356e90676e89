package io.bpfagent.hotspot;

import java.io.FileInputStream;
import java.io.IOException;
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
 * @param deleted whether it says so: that path leads nowhere now, or to another file
 */
public record Mapping(long begin, long end, String path, boolean deleted) {
    private static final String DELETED = " (deleted)";

    /**
     * Where the libraries of this file name begin (the mapping with file offset 0), in the order of
     * {@code /proc/self/maps}.
     *
     * @param prefix of the last part of the path, e.g. {@code "libjvm.so"} or {@code "libc.so"}
     */
    static List<Mapping> ofLibrary(String prefix) throws IOException {
        return ofLibrary(ownMaps(), prefix);
    }

    /** {@code /proc/self/maps}: some 80 KB, to be read once for several libraries. */
    static byte[] ownMaps() throws IOException {
        return maps("/proc/self/maps");
    }

    /** All of a maps file. */
    public static byte[] maps(String file) throws IOException {
        try (FileInputStream maps = new FileInputStream(file)) {
            return maps.readAllBytes();
        }
    }

    /** The same, out of what {@link #ownMaps} gave. */
    static List<Mapping> ofLibrary(byte[] bytes, String prefix) {
        return find(bytes, "/".concat(prefix), true);
    }

    /** Where all libraries begin: what has {@code .so} in the last part of its path. */
    public static List<Mapping> libraries(byte[] maps) {
        return find(maps, ".so", false);
    }

    /** @param first whether what is wanted begins with the path's last slash; otherwise it lies behind it */
    private static List<Mapping> find(byte[] bytes, String wanted, boolean first) {
        // Not line by line through a Reader: that keeps the JIT compilers busy in a JVM that has just begun.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Mapping> found = new ArrayList<>();
        int end;
        for (int name = text.indexOf(wanted); name >= 0; name = text.indexOf(wanted, end)) {
            int begin = text.lastIndexOf('\n', name) + 1;
            end = text.indexOf('\n', name);
            end = end < 0 ? text.length() : end;
            int slash = text.indexOf('/', begin);
            int lastSlash = text.lastIndexOf('/', end - 1);
            if (slash < 0 || slash > name || (first ? lastSlash != name : lastSlash > name)) {
                continue;
            }
            Mapping mapping = read(bytes, text.substring(begin, slash), slash, end);
            if (mapping != null) {
                found.add(mapping);
            }
        }
        return found;
    }

    /**
     * Null when it is not the file's beginning that is mapped.
     *
     * @param head e.g. {@code 7f12a000-7f12b000 r--p 00000000 fe:00 1234}
     */
    private static Mapping read(byte[] bytes, String head, int slash, int end) {
        StringTokenizer fields = new StringTokenizer(head);
        String range = fields.nextToken();
        fields.nextToken();
        if (Long.parseLong(fields.nextToken(), 16) != 0) {
            return null;
        }
        int dash = range.indexOf('-');
        String path = new String(bytes, slash, end - slash, StandardCharsets.UTF_8);
        return new Mapping(Long.parseUnsignedLong(range.substring(0, dash), 16),
                Long.parseUnsignedLong(range.substring(dash + 1), 16),
                path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path,
                path.endsWith(DELETED));
    }

    /** The same file even when its path now leads elsewhere; opening it needs CAP_CHECKPOINT_RESTORE. */
    String mapFile() {
        return "/proc/self/map_files/" + Long.toHexString(begin) + '-' + Long.toHexString(end);
    }
}
