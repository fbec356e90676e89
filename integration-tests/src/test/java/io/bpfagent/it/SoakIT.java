package io.bpfagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two minutes of what {@code bin/soak} does for as long as one likes. */
class SoakIT {
    private static final int SECONDS = 120;

    @Test
    void nothingIsLostOrGrowsUnderMixedLoad() {
        List<String> table = new ArrayList<>();
        List<String> missed = Soak.run(Jdks.newest(), SECONDS, 0, table::add);
        assertEquals(List.of(), missed, () -> String.join("\n", table));
    }
}
