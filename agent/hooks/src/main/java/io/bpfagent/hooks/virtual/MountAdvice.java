package io.bpfagent.hooks.virtual;

import io.bpfagent.boot.VirtualRuntime;
import net.bytebuddy.asm.Advice;

/** Before a virtual thread is mounted: the current thread is the carrier still, and nothing is under way yet. */
public final class MountAdvice {
    private MountAdvice() {
    }

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Thread virtual) {
        VirtualRuntime.mount(virtual, Thread.currentThread());
    }
}
