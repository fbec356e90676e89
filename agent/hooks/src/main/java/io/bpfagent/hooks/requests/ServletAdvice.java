package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import jakarta.servlet.http.HttpServletRequest;
import net.bytebuddy.asm.Advice;

/** A request in a container of {@code jakarta.servlet}: in its first filter, or in the servlet. */
final class ServletAdvice {
    private ServletAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) Object request) {
        return request instanceof HttpServletRequest
                ? Requests.enter(((HttpServletRequest) request).getMethod(),
                        ((HttpServletRequest) request).getRequestURI())
                : Entries.NONE;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long entry) {
        Entries.leave(entry);
    }
}
