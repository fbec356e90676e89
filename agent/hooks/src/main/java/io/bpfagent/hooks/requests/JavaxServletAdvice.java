package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import javax.servlet.http.HttpServletRequest;
import net.bytebuddy.asm.Advice;

/** A request in a container of {@code javax.servlet}: in its first filter, or in the servlet. */
final class JavaxServletAdvice {
    private JavaxServletAdvice() {}

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
