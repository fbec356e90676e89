package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SafeTextTest {

    @Test
    void nothingSteersTheTerminalOrEndsALine() {
        assertEquals("a?b?c?d?e?f?g?h", SafeText.of("a\u001bb\nc\u0085d\u202ee\u2028f\u2029g\u200fh"));
        assertEquals("\u00fc \u65e5\u672c", SafeText.of("\u00fc \u65e5\u672c"));
    }
}
