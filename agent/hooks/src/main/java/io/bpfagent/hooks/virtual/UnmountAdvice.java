package io.bpfagent.hooks.virtual;

import io.bpfagent.boot.VirtualRuntime;
import net.bytebuddy.asm.Advice;

/** After a virtual thread is unmounted: the current thread is the carrier again. */
public final class UnmountAdvice {
    private UnmountAdvice() {
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Thread virtual, @Advice.FieldValue("state") int state) {
        VirtualRuntime.unmount(virtual, Thread.currentThread(), state);
    }
}
