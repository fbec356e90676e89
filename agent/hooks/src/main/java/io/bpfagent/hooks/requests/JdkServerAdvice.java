package io.bpfagent.hooks.requests;

import com.sun.net.httpserver.HttpExchange;
import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import net.bytebuddy.asm.Advice;

/** A request in the JDK's own HttpServer: in its first filter, or in the handler. */
final class JdkServerAdvice {
    private JdkServerAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) Object exchange) {
        return exchange == null ? Entries.NONE : Requests.enter(((HttpExchange) exchange).getRequestMethod(),
                ((HttpExchange) exchange).getRequestURI().getRawPath());
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long entry) {
        Entries.leave(entry);
    }
}
