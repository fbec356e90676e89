package io.bpfagent.find;

import io.bpfagent.hotspot.JvmFlags;
import io.bpfagent.hotspot.Registers;
import java.io.IOException;
import java.util.List;

/**
 * Finds in a process's libraries and in the kernel's types what a user named. Nothing is kept from one probe to the
 * next; one thread at a time.
 */
public final class ProbeFinder {
    private static final String SYSCALLS = "syscalls";

    /** Knows no flag. */
    private static final class NoFlags implements JvmFlags {
        @Override
        public boolean isOff(String flag) {
            return false;
        }
    }

    private final Libraries libraries;
    private final KernelTracepoints tracepoints;
    private final JvmFlags flags;

    ProbeFinder(Libraries libraries, KernelTracepoints tracepoints, JvmFlags flags) {
        this.libraries = libraries;
        this.tracepoints = tracepoints;
        this.flags = flags;
    }

    /** As {@link #find(ProbeSpec, JvmFlags)}, where the JVM's flags are not known. */
    public static FoundProbe find(ProbeSpec spec) throws ProbeException {
        return find(spec, new NoFlags());
    }

    /**
     * Where the probe is to be attached in this process.
     *
     * @param flags of this JVM: a probe that needs one which is off would never be hit, and is refused
     * @throws ProbeException when it does not exist, with the nearest that do, or cannot be probed, with the reason
     */
    public static FoundProbe find(ProbeSpec spec, JvmFlags flags) throws ProbeException {
        try {
            return new ProbeFinder(new Libraries("/proc/self/maps", ""), KernelTracepoints.ofThisMachine(), flags)
                    .look(spec);
        } catch (IOException e) {
            throw new ProbeException("Cannot read a library", " (the list of mapped ones: " + e.getMessage() + ").");
        }
    }

    FoundProbe look(ProbeSpec spec) throws ProbeException {
        switch (spec.kind()) {
            case TRACEPOINT:
                lookForTracepoint(spec);
                return new FoundProbe(spec, List.of(), List.of());
            case USDT:
                return look(spec, new UsdtFinder(libraries.find(spec.library()), spec, Registers.own(), flags));
            default:
                return look(spec, new FunctionFinder(libraries.find(spec.library()), spec, Registers.own()));
        }
    }

    private static FoundProbe look(ProbeSpec spec, SiteFinder finder) throws ProbeException {
        List<FoundSite> begins = finder.find(spec.begin(), spec.greatestArgument());
        List<FoundSite> ends = spec.end() == null ? List.of() : finder.find(spec.end(), 0);
        if (begins.size() + ends.size() > FoundProbe.MAX_SITES) {
            throw new ProbeException("Too many places", " (" + spec.text() + " has " + (begins.size() + ends.size())
                    + ", the most are " + FoundProbe.MAX_SITES + "). Name one function by its symbol.");
        }
        return new FoundProbe(spec, begins, ends);
    }

    private void lookForTracepoint(ProbeSpec spec) throws ProbeException {
        if (spec.library().equals(SYSCALLS)) {
            throw new ProbeException("System calls by name are no tracepoints", " (" + spec.text() + "). Use the metric"
                    + " syscall, or tp:raw_syscalls:sys_enter with arg2==NUMBER and slow-site=yes: either slows all"
                    + " system calls of all processes.");
        }
        if (holdsLocks(spec.begin()) || spec.end() != null && holdsLocks(spec.end())) {
            throw new ProbeException("This tracepoint is too deep in the kernel", " (" + spec.text()
                    + "): it comes while"
                    + " the kernel takes its own locks, those among them that counting needs. Probe what waits:"
                    + " the state runnable, or usdt:libjvm:hotspot:monitor__contended__enter.");
        }
        try {
            int arguments = argumentsOf(spec.library(), spec.begin());
            if (spec.greatestArgument() > arguments) {
                throw noArgument(spec.begin(), spec.greatestArgument(), arguments);
            }
            if (spec.end() != null) {
                argumentsOf(spec.library(), spec.end());
            }
            if (spec.slowsSystemCalls() && !spec.slowSite()) {
                throw new ProbeException("This tracepoint slows the whole machine", " (" + spec.text() + "): each"
                        + " system call of any process takes some 0.15 us more while it is there, of this JVM 0.3"
                        + " us. Add"
                        + " slow-site=yes to have it all the same.");
            }
        } catch (IOException e) {
            throw new ProbeException("Cannot read the kernel's types", " (" + e.getMessage() + "). Tracepoints need a"
                    + " kernel that was built with CONFIG_DEBUG_INFO_BTF.");
        }
    }

    /** Those of the kernel's locks: a program that takes one itself could stop the machine. */
    private static boolean holdsLocks(String event) {
        return event.startsWith("contention_") || event.startsWith("lock_");
    }

    private int argumentsOf(String group, String event) throws IOException, ProbeException {
        int arguments = tracepoints.arguments(event);
        boolean anyGroup = group.equals(ProbeSearch.ANY_GROUP);
        if (arguments >= 0 && (anyGroup || tracepoints.isInGroup(group, event))) {
            return arguments;
        }
        String where;
        if (arguments >= 0) {
            String real = tracepoints.groups().get(event);
            where = group + " has no event " + event + (real == null ? "" : ". Nearest: " + real + ':' + event);
        } else {
            Nearest nearest = new Nearest(event);
            tracepoints.offerAll(nearest);
            where = "this kernel has no event " + event + nearest.sentence();
        }
        throw new ProbeException("No such tracepoint", " (" + where
                + "). Search: attach-cli probe PID search PATTERN.");
    }

    static ProbeException noArgument(String place, int wanted, int arguments) {
        return new ProbeException("No such argument", " (" + place + " has " + arguments + ", arg" + wanted + ")."
                + " Name one that it has.");
    }
}
