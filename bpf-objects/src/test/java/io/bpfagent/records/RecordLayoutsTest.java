package io.bpfagent.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Maven runs this in the module's directory, after {@code compile-bpf}. */
class RecordLayoutsTest {
    private static final String REGENERATE =
            "mvn -o -q -pl bpf-objects test -Dtest=RecordLayoutsTest -Dlayouts.write=true";
    private static final Path OBJECT = Path.of("target/bpf/record_layouts.bpf.o");
    private static final Path HEADER = Path.of("src/main/bpf/records.h");
    private static final Path SOURCE =
            Path.of("src/main/java/io/bpfagent/records/RecordLayouts.java");
    private static final Pattern DECLARATION =
            Pattern.compile("^(?:struct|enum) (\\w+) \\{", Pattern.MULTILINE);
    private static final Pattern SIZE =
            Pattern.compile("_Static_assert\\(sizeof\\(struct (\\w+)\\) == (\\d+)");

    @Test
    void checkedInSourceIsWhatTheHeaderGives() throws IOException {
        String generated = LayoutSource.of(btf());
        if (Boolean.getBoolean("layouts.write")) {
            Files.writeString(SOURCE, generated);
        }
        assertTrue(generated.equals(Files.readString(SOURCE)),
                "RecordLayouts.java does not fit records.h. Run: " + REGENERATE);
    }

    @Test
    void everyTypeOfTheHeaderHasALayout() throws IOException {
        Set<String> declared = new TreeSet<>();
        DECLARATION.matcher(Files.readString(HEADER)).results().forEach(r -> declared.add(r.group(1)));
        Set<String> found = new TreeSet<>();
        btf().structs().forEach(s -> found.add(s.name()));
        btf().enumerations().forEach(e -> found.add(e.name()));
        assertEquals(declared, found, "add the type to record_layouts.bpf.c");
    }

    @Test
    void sizesAreThoseTheHeaderAsserts() throws IOException {
        Map<String, Integer> sizes = btf().structs().stream()
                .collect(Collectors.toMap(Btf.Struct::name, Btf.Struct::size));
        List<MatchResult> asserted =
                SIZE.matcher(Files.readString(HEADER)).results().toList();
        assertFalse(asserted.isEmpty());
        for (MatchResult size : asserted) {
            assertEquals(Integer.valueOf(size.group(2)), sizes.get(size.group(1)), size.group(1));
        }
    }

    @Test
    void refusesWhatIsNotElf() {
        assertThrows(IllegalArgumentException.class, () -> new ElfFile(new byte[100]));
    }

    private static Btf btf() throws IOException {
        return new Btf(new ElfFile(Files.readAllBytes(OBJECT)).section(".BTF"));
    }
}
