package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks.Jdk;
import java.util.List;
import java.util.function.Supplier;

/**
 * Two of the same application on one CPU, each with as much load as it can take. They have that CPU by turns of some
 * ms, so whatever makes it slower or faster does so to both: what one takes for its work in ratio to what the other
 * takes hardly changes, while what either takes changes by several percent from one second to the next.
 */
final class ApplicationPair implements AutoCloseable {
    /** A window in which the compilers were busy is measured again, at most so often. */
    private static final int TRIES = 3;
    /** Of the CPU: then much of the application has just been thrown out of compiled code, as happens now and then. */
    private static final double BUSY_JIT_SHARE = 0.1;

    private final List<ApplicationHost> hosts;

    /** What both did in the same windows. */
    record Works(ApplicationHost.Work first, ApplicationHost.Work second) {
        /** What the first took of the CPU for each piece of its work, in ratio to the second. */
        double ratio() {
            return first.cpuUs() / second.cpuUs();
        }

        private Works plus(Works more) {
            return new Works(first.plus(more.first), second.plus(more.second));
        }

        private boolean isCompiled() {
            return first.jitNs() < BUSY_JIT_SHARE * first.ns() && second.jitNs() < BUSY_JIT_SHARE * second.ns();
        }
    }

    private ApplicationPair(ApplicationHost first, Supplier<ApplicationHost> second) {
        ApplicationHost other;
        try {
            other = second.get();
        } catch (RuntimeException | Error e) {
            first.close();
            throw e;
        }
        hosts = List.of(first, other);
    }

    /** @param answers {@code page} or {@code word} */
    static ApplicationPair httpServers(Jdk jdk, String answers) {
        return new ApplicationPair(ApplicationHost.halfHttpServer(jdk, answers),
                () -> ApplicationHost.halfHttpServer(jdk, answers));
    }

    static ApplicationPair databases(Jdk jdk) {
        return new ApplicationPair(ApplicationHost.halfDatabase(jdk), () -> ApplicationHost.halfDatabase(jdk));
    }

    ApplicationHost first() {
        return hosts.get(0);
    }

    ApplicationHost second() {
        return hosts.get(1);
    }

    /** For a table. */
    String name() {
        return first().name();
    }

    /** As {@link ApplicationHost#warmUp}, both. */
    void warmUp(int atMostMs) {
        hosts.forEach(host -> host.warmUp(atMostMs));
    }

    /** What both do in so many windows. */
    Works work(int windows, int ms) {
        Works all = compiledWork(ms);
        for (int i = 1; i < windows; i++) {
            all = all.plus(compiledWork(ms));
        }
        return all;
    }

    private Works compiledWork(int ms) {
        Works works = workOnce(ms);
        for (int i = 1; i < TRIES && !works.isCompiled(); i++) {
            works = workOnce(ms);
        }
        return works;
    }

    private Works workOnce(int ms) {
        ApplicationHost.Window first = first().open();
        ApplicationHost.Window second = second().open();
        Await.sleep(ms);
        return new Works(first().close(first), second().close(second));
    }

    @Override
    public void close() {
        hosts.forEach(ApplicationHost::close);
    }
}
