package io.bpfagent.workload;

import java.lang.instrument.Instrumentation;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/** Another agent in the same JVM: with Byte Buddy it changes {@link LongLife} while it runs. */
public final class OtherAgent {
    private static final AtomicInteger CALLS = new AtomicInteger();

    private OtherAgent() {}

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        agentmain(arguments, instrumentation);
    }

    /** Called by the JVM. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        new AgentBuilder.Default().disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .type(ElementMatchers.named(LongLife.class.getName()))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Entry.class).on(ElementMatchers.named("seek"))))
                .installOn(instrumentation);
    }

    /** Called by what has been changed. */
    public static void called() {
        System.setProperty("other.agent.calls", Integer.toString(CALLS.incrementAndGet()));
    }

    /** What is put into a method. */
    static final class Entry {
        private Entry() {}

        @Advice.OnMethodEnter
        static void enter() {
            OtherAgent.called();
        }
    }
}
