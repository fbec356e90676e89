package io.bpfagent.bench;

import io.bpfagent.it.numbers.SchedStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * CPU time of a process, thread by thread, in ns, without what the hypervisor took; what a program in the kernel does
 * at a thread's switches is in it.
 *
 * @param threads by tid
 */
record ThreadTimes(Map<Integer, Time> threads) {
    /**
     * A thread's so far.
     *
     * @param name the kernel's, at most 15 characters
     */
    record Time(String name, long runNs) {}

    ThreadTimes {
        threads = Map.copyOf(threads);
    }

    /** Of all live threads of the process. */
    static ThreadTimes of(long pid) {
        Map<Integer, Time> threads = new HashMap<>();
        for (Map.Entry<Integer, SchedStat> thread : SchedStat.of(pid).entrySet()) {
            try {
                String name = Files.readString(Path.of("/proc/" + pid + "/task/" + thread.getKey() + "/comm")).strip();
                threads.put(thread.getKey(), new Time(name, thread.getValue().runNs()));
            } catch (IOException e) {
                continue; // ended meanwhile
            }
        }
        return new ThreadTimes(threads);
    }

    /** What the threads with such names have taken since {@code earlier}, without those that ended meanwhile; ns. */
    long since(ThreadTimes earlier, Predicate<String> names) {
        long ns = 0;
        for (Map.Entry<Integer, Time> thread : threads.entrySet()) {
            Time now = thread.getValue();
            Time before = earlier.threads.get(thread.getKey());
            if (names.test(now.name)) {
                ns += now.runNs - (before == null ? 0 : before.runNs);
            }
        }
        return ns;
    }

    /** Whether that is one of HotSpot's JIT compilers, which come and go, and work for some time after what is new. */
    static boolean isCompiler(String name) {
        return name.startsWith("C1 ") || name.startsWith("C2 ");
    }

    /** Whether that is the agent's own. */
    static boolean isAgent(String name) {
        return name.startsWith("bpf-agent");
    }
}
