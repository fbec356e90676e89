package io.bpfagent.api;

import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class KernelContextTest {
    @Test
    void withoutAnAgentAllAreOne() {
        KernelContext first = KernelContext.open("a");
        try (KernelContext second = KernelContext.open("b")) {
            assertSame(first, second);
        }
        first.close();
        first.close();
        assertSame(first, KernelContext.open(null));
    }
}
