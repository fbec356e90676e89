package io.bpfagent.hooks.api;

import io.bpfagent.boot.OwnContexts;
import net.bytebuddy.asm.Advice;

/** Makes {@code KernelContext.leave} end the context. Its code is copied there. */
public final class CloseAdvice {
    private CloseAdvice() {
    }

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) long before) {
        OwnContexts.close(before);
    }
}
