package io.bpfagent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * docs/benchmarks.md: a section for each chapter, in their order. One that was measured again takes the place of the
 * old one, all others stay as they are. One thread.
 */
final class BenchDocument {
    private static final String HEADING = "## ";

    private final String head;
    private final Map<String, String> sections = new LinkedHashMap<>();

    /**
     * Nothing but room for the chapters.
     *
     * @param head   what stands above the first section
     * @param titles of all chapters there are
     */
    BenchDocument(String head, List<String> titles) {
        this.head = head;
        titles.forEach(title -> sections.put(title, ""));
    }

    /** Takes over the sections of an earlier document; those of chapters that there are no more are left out. */
    void read(Path file) throws IOException {
        String title = null;
        StringBuilder section = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(HEADING)) {
                keep(title, section);
                title = line.substring(HEADING.length());
            } else {
                section.append(line).append('\n');
            }
        }
        keep(title, section);
    }

    private void keep(String title, StringBuilder section) {
        if (title != null) {
            put(title, section.toString());
        }
        section.setLength(0);
    }

    /** The text of a chapter. */
    void put(String title, String text) {
        sections.computeIfPresent(title, (same, before) -> text.strip());
    }

    void write(Path file) throws IOException {
        Files.writeString(file, toString(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(head.strip()).append('\n');
        sections.forEach((title, section) -> {
            if (!section.isEmpty()) {
                text.append('\n').append(HEADING).append(title).append("\n\n").append(section).append('\n');
            }
        });
        return text.toString();
    }
}
