package io.bpfagent.hooks.trace;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.weave.ContextNumber;
import net.bytebuddy.asm.Advice;

/**
 * A context from the begin of a method to its return or exception. Its code is copied into the method.
 *
 * <p>What is handed on is one more than the runtime gives: where the begin has failed, 0 is handed on, and that must
 * not take the thread out of the contexts that it is in.
 */
public final class TraceAdvice {
    private TraceAdvice() {
    }

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@ContextNumber int context) {
        return ContextRuntime.enter(context) + 1;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long before) {
        ContextRuntime.leave(before - 1);
    }
}
