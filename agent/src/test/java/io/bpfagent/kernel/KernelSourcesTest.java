package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the BPF sources say twice if nobody looks. Maven runs this in the module's directory. */
final class KernelSourcesTest {
    private static final Path BPF = Path.of("../bpf-objects/src/main/bpf");
    private static final List<Path> JAVA = List.of(Path.of("src/main/java"), Path.of("../correlation/src/main/java"));
    private static final Pattern NUMBER = Pattern.compile("^#define ([A-Z][A-Z0-9_]+) (-?[0-9][0-9a-fx]*)",
            Pattern.MULTILINE);
    private static final Pattern MAP = Pattern.compile("^} (\\w+) SEC\\(\"\\.maps\"\\);$", Pattern.MULTILINE);

    /** What Java needs to know too is an enum of records.h, from which RecordLayouts.java is generated. */
    @Test
    void noNumberOfTheProgramsStandsInJavaToo() throws IOException {
        StringBuilder java = new StringBuilder();
        for (Path sources : JAVA) {
            for (Path source : files(sources, ".java")) {
                java.append(Files.readString(source));
            }
        }
        Set<String> twice = new TreeSet<>();
        for (Path source : files(BPF, "")) {
            // The kernel's own numbers have the kernel's own names.
            if (!source.endsWith("kernel_types.h")) {
                NUMBER.matcher(Files.readString(source)).results().filter(number -> isIn(java, number))
                        .forEach(number -> twice.add(number.group(1) + " of " + source.getFileName()));
            }
        }
        assertEquals(Set.of(), twice, "declare them in an enum of records.h");
    }

    /** Else each probe of the user's own would have one of its own, of a size that nobody has chosen. */
    @Test
    void everyMapIsSharedWithAUsersProbeOrLeftOut() throws IOException {
        Set<String> maps = new TreeSet<>();
        MAP.matcher(Files.readString(BPF.resolve("maps.h"))).results().forEach(map -> maps.add(map.group(1)));
        assertTrue(maps.size() > 15, maps::toString);
        Set<String> known = new TreeSet<>(UserProbe.SHARED);
        assertTrue(Collections.disjoint(known, UserProbe.UNUSED));
        known.addAll(UserProbe.UNUSED);
        // These hold the variables.
        known.removeIf(map -> map.startsWith("."));
        assertEquals(maps, known, "UserProbe.SHARED and UNUSED");
    }

    /** Declared there with the same value, or with a remark that says where it comes from. */
    private static boolean isIn(CharSequence java, MatchResult number) {
        return Pattern.compile("\\b" + number.group(1) + "( = " + number.group(2)
                + ";| (and \\w+ )?in \\w+\\.(h|bpf\\.c))")
                .matcher(java).find();
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> files = new ArrayList<>(all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix)).toList());
            assertFalse(files.isEmpty(), directory + " is empty");
            return files;
        }
    }
}
