package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsInForceTest {
    private static List<String> differing(String asked, String there) throws ArgumentException {
        return ArgumentsInForce.differing(asked, Arguments.read(there, Map.of(), Map.of()).text());
    }

    @Test
    void whatIsAskedForIsCompared() throws ArgumentException {
        assertEquals(List.of(), differing("interval=1s", ""));
        assertEquals(List.of("interval=1s, not 500ms"), differing("interval=500ms", ""));
        assertEquals(List.of("interval=2s, not 1s", "threads=64, not 4096"), differing("threads=4096,interval=1s",
                "interval=2s,threads=64,jmx=false"));
        assertEquals(List.of("no libbpf=system"), differing("libbpf=system", ""));
    }

    @Test
    void theSameInOtherWordsIsTheSame() throws ArgumentException {
        assertEquals(List.of(), differing("interval=1000ms", "interval=1s"));
        assertEquals(List.of(), differing("metrics=park+running", "metrics=running+park"));
        assertEquals(List.of(), differing("slow.block_io=2ms", "slow.block_read=2ms,slow.block_write=2ms"));
        assertEquals(List.of("slow.block_write=3ms, not 2ms"),
                differing("slow.block_io=2ms", "slow.block_read=2ms,slow.block_write=3ms"));
        assertEquals(List.of("no slow.dns=2ms"), differing("slow.dns=2ms,jar=/x", "jar=/y"));
    }

    @Test
    void whatCannotBeReadIsRefusedAsEver() {
        assertThrows(ArgumentException.class, () -> differing("no=sense", ""));
    }
}
