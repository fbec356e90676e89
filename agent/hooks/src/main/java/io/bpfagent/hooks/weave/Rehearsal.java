package io.bpfagent.hooks.weave;

import net.bytebuddy.asm.Advice;

/** Advice for the first weaving of all, whose result nobody uses. */
final class Rehearsal {
    private Rehearsal() {
    }

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter() {
        return 1;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long before) {
        // Only the way here is of use.
    }
}
