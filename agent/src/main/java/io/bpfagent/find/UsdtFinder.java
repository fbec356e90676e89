package io.bpfagent.find;

import io.bpfagent.hotspot.ElfFile;
import io.bpfagent.hotspot.Finding;
import io.bpfagent.hotspot.JvmFlags;
import io.bpfagent.hotspot.ProbeUse;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.hotspot.UsdtNotes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks up the sites of a USDT probe: all of its notes. */
final class UsdtFinder extends SiteFinder {
    private final ProbeSpec spec;
    private final Registers registers;
    private final JvmFlags flags;

    UsdtFinder(Library library, ProbeSpec spec, Registers registers, JvmFlags flags) {
        super(library, spec);
        this.spec = spec;
        this.registers = registers;
        this.flags = flags;
    }

    @Override
    List<FoundSite> find(ElfFile file, String name, int greatestArgument) throws IOException, ProbeException {
        List<FoundSite> found = new ArrayList<>();
        UsdtNotes notes = file.usdtNotes();
        int hash = name.hashCode();
        while (notes.next()) {
            if (notes.nameHash() == hash && notes.fullName().equals(name)) {
                if (notes.offset() < 0 || notes.semaphore() < 0) {
                    throw new ProbeException("Cannot read a library", " (a note of " + name + " in "
                            + library().path() + " names an address outside the file).");
                }
                found.add(new FoundSite(library().path(), name, attachable(file, name, notes.offset()),
                        notes.semaphore(), arguments(name, notes.arguments(), greatestArgument)));
            }
        }
        if (found.isEmpty()) {
            throw missing(file, name);
        }
        String flag = flagOf(name);
        if (!flag.isEmpty() && flags.isOff(flag)) {
            throw new ProbeException("The probe is never hit", " (" + name + " needs -XX:+" + flag
                    + "). Restart the JVM with it.");
        }
        return found;
    }

    private static ProbeException missing(ElfFile file, String name) throws IOException {
        Nearest nearest = new Nearest(name);
        UsdtNotes notes = file.usdtNotes();
        boolean any = false;
        while (notes.next()) {
            any = true;
            nearest.offer(notes.fullName());
        }
        return new ProbeException("No such USDT probe", " (" + (any ? "the library has no " + name + nearest.sentence()
                : "the library was built without any, " + name) + "). Search: attach-cli probe PID search PATTERN.");
    }

    /** As many as the note has, null for those that cannot be read and are not needed. */
    private List<UsdtArgument> arguments(String name, String text, int greatestArgument) throws ProbeException {
        int count = UsdtArgument.count(text);
        if (greatestArgument > count) {
            throw ProbeFinder.noArgument(name, greatestArgument, count);
        }
        List<UsdtArgument> arguments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Finding<UsdtArgument> argument = UsdtArgument.read(text, i, registers);
            if (!argument.found() && greatestArgument > 0 && spec.reads(i + 1)) {
                throw new ProbeException("An argument cannot be read", " (" + name + ": " + argument.reason()
                        + "). Leave out the condition or value= on it.");
            }
            arguments.add(argument.value().orElse(null));
        }
        return arguments;
    }

    /**
     * The flag of the JVM without which the probe is never hit; empty when there is none.
     *
     * <p>Source: DTRACE_MONITOR_WAIT_PROBE and DTRACE_MONITOR_PROBE in runtime/objectMonitor.cpp, the uses of
     * DTraceAllocProbes and DTraceMethodProbes, equal from 17 to 25.
     */
    static String flagOf(String fullName) {
        if (fullName.startsWith("hotspot:monitor__")) {
            return ProbeUse.MONITOR.flag();
        }
        if (fullName.equals("hotspot:object__alloc")) {
            return ProbeUse.ALLOCATION.flag();
        }
        return fullName.equals("hotspot:method__entry") || fullName.equals("hotspot:method__return")
                ? "DTraceMethodProbes" : "";
    }
}
