package io.bpfagent.cli.report;

import java.io.IOException;
import java.io.Reader;

/**
 * The lines of a file, of which a bounded part is in memory at a time. One thread. A {@link java.io.BufferedReader}
 * would take a file without line breaks as one line.
 */
final class Lines {

    private final Reader file;
    private final char[] buffer = new char[1 << 16];
    private int begin;
    private int end;

    Lines(Reader file) {
        this.file = file;
    }

    /** Null at the end. Of a line that is longer than {@code longest} only the beginning, and its rest is the next. */
    String next(int longest) throws IOException {
        StringBuilder line = null;
        while (true) {
            if (begin == end) {
                begin = 0;
                end = file.read(buffer);
                if (end <= 0) {
                    end = 0;
                    return line == null ? null : line.toString();
                }
            }
            line = line == null ? new StringBuilder() : line;
            int from = begin;
            while (begin < end && buffer[begin] != '\n') {
                begin++;
            }
            line.append(buffer, from, begin - from);
            if (begin < end) {
                begin++; // the line break
                return line.toString();
            }
            if (line.length() > longest) {
                return line.toString();
            }
        }
    }
}
