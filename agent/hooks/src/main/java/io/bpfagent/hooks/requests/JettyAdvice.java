package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.Request;

/** A request in Jetty 12, which has handlers of its own beside servlets. */
final class JettyAdvice {
    private JettyAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) Object request) {
        return request == null ? Entries.NONE
                : Requests.enter(((Request) request).getMethod(), ((Request) request).getHttpURI().getPath());
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long entry) {
        Entries.leave(entry);
    }
}
