package io.bpfagent.hooks.api;

import io.bpfagent.boot.OwnContexts;
import net.bytebuddy.asm.Advice;

/** Makes {@code KernelContext.enter} begin the context. Its code is copied there. */
public final class OpenAdvice {
    private OpenAdvice() {
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Argument(0) String name, @Advice.Return(readOnly = false) long before) {
        before = OwnContexts.open(name);
    }
}
