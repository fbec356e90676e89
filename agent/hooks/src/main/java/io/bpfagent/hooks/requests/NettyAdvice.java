package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import net.bytebuddy.asm.Advice;

/**
 * What Netty's HTTP codec hands on to the handlers behind it: a request, and then its content in parts, which belong to
 * the same request. What collects the parts hands the whole request on while it handles the last one, so that it counts
 * once.
 */
final class NettyAdvice {
    private NettyAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.This Object context, @Advice.Argument(0) Object message) {
        if (message instanceof HttpRequest) {
            return Requests.enterOn(((ChannelHandlerContext) context).channel(),
                    ((HttpRequest) message).method().name(),
                    ((HttpRequest) message).uri());
        }
        return message instanceof HttpContent ? Requests.goOn(((ChannelHandlerContext) context).channel())
                : Entries.NONE;
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.This Object context, @Advice.Argument(0) Object message, @Advice.Enter long entry) {
        Entries.leave(entry);
        if (message instanceof LastHttpContent) {
            Requests.complete(((ChannelHandlerContext) context).channel());
        }
    }
}
