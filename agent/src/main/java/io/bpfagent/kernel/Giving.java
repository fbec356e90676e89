package io.bpfagent.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.natives.HandOverCalls;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Hands programs that were loaded for another process to it: the other end of {@link HandedPrograms}.
 *
 * <p>What it gets cannot be made to look at anybody else: no descriptor of a program, by which it could be attached
 * once more or run; no map that it can write in which stands who is looked at; and of links it can only let go. Maps
 * that it only reads are frozen. (A descriptor that can only be read would be undone by pinning it in a bpf file
 * system of one's own and opening it there; and the kernel does not map it.)
 *
 * <p>One thread.
 */
public final class Giving {
    /** The JVM maps 8 MiB; it may be starved. */
    private static final int ANSWER_MS = 60_000;

    private final ThreadStatePrograms programs;
    private final PacketSocket socket;
    private final HandOverCalls calls;
    private final Natives natives;

    /** @param programs loaded, and not attached */
    public Giving(NativeTier tier, ThreadStatePrograms programs, PacketSocket socket) throws NativeTierException {
        this.programs = programs;
        this.socket = socket;
        this.calls = tier.handOverCalls();
        this.natives = programs.natives();
    }

    /**
     * Hands the maps over; returns when the JVM has supplied rows and pages.
     *
     * @param same whether the process is the one that was meant, and its user's: asked when it has been noted as which
     *     program it runs, so that the answer is true of all that will ever be looked at
     */
    public void giveMaps(BooleanSupplier same) throws KernelException, HandOverException {
        programs.noteHost();
        check(same);
        MapFds fds = programs.fds();
        int[] given = HandedMaps.all(fds);
        List<Integer> written = new ArrayList<>();
        for (int fd : HandedMaps.written(fds)) {
            written.add(fd);
        }
        freeze(given, written);
        socket.send(HandedMaps.document(fds, programs.kernelMemoryBytes()), given);
        socket.receive(ANSWER_MS, 0);
    }

    private static void check(BooleanSupplier same) throws HandOverException {
        if (!same.getAsBoolean()) {
            throw new HandOverException("the JVM has ended, or has become another program");
        }
    }

    private void freeze(int[] fds, List<Integer> written) throws KernelException {
        // libbpf has it mapped to be written, which forbids to freeze it; from here on nobody here writes.
        programs.object().map(".bss").mapReadOnly(natives.libC());
        for (int fd : fds) {
            if (!written.contains(fd)) {
                checked(calls.bpf_map_freeze(fd), "bpf_map_freeze");
            }
        }
    }

    private int checked(int result, String call) throws KernelException {
        if (result < 0) {
            throw programs.object().failed("Cannot make a map read-only", call, result);
        }
        return result;
    }

    /**
     * Attaches everything, hands the links over, and returns when the JVM has taken them.
     *
     * @param same whether the process that was found is the one that was meant; asked when everything is attached
     */
    public void giveLinks(BooleanSupplier same) throws KernelException, HandOverException {
        programs.attach();
        check(same);
        programs.refreshStatistics();
        BpfObject object = programs.object();
        int[] links = object.linkFds();
        JsonObject document = new JsonObject();
        JsonArray uprobes = new JsonArray();
        BpfIterator looker = programs.latencies().connections().looker();
        int lookerIndex = -1;
        List<Integer> slow = object.slowFds();
        for (int i = 0; i < links.length; i++) {
            if (slow.contains(links[i])) {
                uprobes.add(i);
            }
            if (looker != null && looker.linkFd() == links[i]) {
                lookerIndex = i;
            }
        }
        JsonArray told = new JsonArray();
        for (Probe probe : programs.probes()) {
            JsonArray one = new JsonArray();
            one.add(probe.name());
            one.add(probe.status());
            one.add(probe.detail());
            told.add(one);
        }
        document.add("uprobes", uprobes);
        document.addProperty("looker", lookerIndex);
        document.add("probes", told);
        socket.send(document, links);
        socket.receive(ANSWER_MS, 0);
    }
}
