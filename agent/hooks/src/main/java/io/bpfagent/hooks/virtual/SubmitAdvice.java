package io.bpfagent.hooks.virtual;

import io.bpfagent.boot.VirtualRuntime;
import net.bytebuddy.asm.Advice;

/** Before a virtual thread is given to the scheduler: afterwards it may have run already, and be anywhere. */
public final class SubmitAdvice {
    private SubmitAdvice() {
    }

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Thread virtual, @Advice.FieldValue("state") int state) {
        VirtualRuntime.submit(virtual, state);
    }
}
