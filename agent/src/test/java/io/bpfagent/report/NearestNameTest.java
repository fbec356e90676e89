package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> NAMES = List.of("interval", "threads", "log", "jmx", "");

    @Test
    void findsWhatWasMistyped() {
        assertEquals(Optional.of("threads"), NearestName.of("thraeds", NAMES));
        assertEquals(Optional.of("threads"), NearestName.of("thread", NAMES));
        assertEquals(Optional.of("log"), NearestName.of("lok", NAMES));
        assertEquals(Optional.of("interval"), NearestName.of("int", NAMES));
        assertEquals(Optional.of("log"), NearestName.of("loglevel", NAMES));
    }

    @Test
    void findsNothingFarAway() {
        assertEquals(Optional.empty(), NearestName.of("quantum", NAMES));
        assertEquals(Optional.empty(), NearestName.of("xy", NAMES));
        assertEquals(Optional.empty(), NearestName.of("", List.of("threads")));
    }
}
