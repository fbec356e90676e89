package io.bpfagent.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.HostFacts;
import io.bpfagent.handover.Packet;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.report.CounterReport;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that another process has loaded and attached for this one: descriptors of their maps and links, and nothing
 * by which a program could be attached to anything else.
 *
 * <p>In this order: what is known of this JVM goes out; maps come in; they are mapped and supplied by the caller;
 * {@link #attach} says so, and links come in. Until then the other end holds all that it has made, and takes it away
 * when it goes.
 *
 * <p>Guarantees: what comes in is checked before it is used, and closed when it is refused.
 */
public final class HandedPrograms implements KernelPrograms {
    /** Loading takes a second, 10 on a machine that is starved. */
    private static final int LOAD_MS = 60_000;
    private static final String AGAIN = ". Run the command again: sudo attach-cli PID.";
    private static final String PROBES = "probes";

    private final Natives natives;
    private final PacketSocket socket;
    private final int[] maps;
    private List<Counter> counters = List.of();
    private MapFds fds;
    private long bytes;
    private int[] links = {};
    private List<Integer> slowFds = List.of();
    private Connections connections = new Connections();
    private List<Probe> told = List.of();
    private List<Probe> probes = List.of();
    private boolean closing;
    private boolean letGo;

    private HandedPrograms(NativeTier tier, PacketSocket socket, int[] maps) {
        this.natives = Natives.of(tier);
        this.socket = socket;
        this.maps = maps;
    }

    /**
     * Asks for them and takes the maps; nothing counts yet.
     *
     * @param socket   connected; to be closed by the caller, after {@link #attach}
     * @param counters that were asked for, of which none can be had
     * @param contexts whether contexts are to be counted
     */
    public static HandedPrograms receive(NativeTier tier, PacketSocket socket, HostFacts facts, int threads,
            int histograms, List<Counter> counters, boolean contexts) throws KernelException {
        try {
            socket.send(facts.toJson());
            Packet packet = checked(socket, socket.receive(LOAD_MS, -1));
            HandedPrograms programs = new HandedPrograms(tier, socket, packet.fds());
            boolean taken = false;
            try {
                programs.fds = HandedMaps.of(packet.document(), packet.fds(), threads, histograms, contexts);
                programs.bytes = packet.document().get("kernelMemoryBytes").getAsLong();
                programs.counters = counters;
                taken = true;
                return programs;
            } finally {
                if (!taken) {
                    programs.close();
                }
            }
        } catch (HandOverException e) {
            throw refused(e.getMessage());
        } catch (RuntimeException e) {
            throw refused("a message makes no sense: " + e.getMessage());
        }
    }

    private static Packet checked(PacketSocket socket, Packet packet) throws HandOverException {
        JsonElement error = packet.document().get("error");
        if (error != null) {
            socket.close(packet.fds());
            throw new HandOverException(error.toString());
        }
        return packet;
    }

    private static KernelException refused(String reason) {
        return new KernelException("Cannot take over the BPF programs", ": " + reason + AGAIN);
    }

    @Override
    public MappedMaps map() throws KernelException {
        return MappedMaps.map(natives, fds);
    }

    /** Says that all is mapped and supplied, and takes the links of what is attached then. */
    @Override
    public void attach() throws KernelException {
        try {
            JsonObject ready = new JsonObject();
            ready.addProperty("ready", true);
            socket.send(ready);
            Packet packet = checked(socket, socket.receive(LOAD_MS, -1));
            links = packet.fds();
            for (int link : links) {
                HandedFds.checkLink(link);
            }
            read(packet.document());
            JsonObject done = new JsonObject();
            done.addProperty("done", true);
            socket.send(done);
        } catch (HandOverException e) {
            throw refused(e.getMessage());
        } catch (RuntimeException e) {
            throw refused("a message makes no sense: " + e.getMessage());
        }
    }

    private void read(JsonObject document) {
        List<Integer> slow = new ArrayList<>();
        for (JsonElement index : document.getAsJsonArray("uprobes")) {
            slow.add(links[index.getAsInt()]);
        }
        int looker = document.get("looker").getAsInt();
        if (looker >= 0) {
            connections = Connections.handed(new BpfIterator(new Looker(natives), natives, links[looker]));
        }
        List<Probe> attached = new ArrayList<>();
        for (JsonElement element : document.getAsJsonArray(PROBES)) {
            JsonArray probe = element.getAsJsonArray();
            attached.add(new Probe(probe.get(0).getAsString(), probe.get(1).getAsString(), probe.get(2).getAsString(),
                    0, 0));
        }
        attached.add(new Probe("statistics", Probe.UNSUPPORTED, "the kernel tells them to who loads programs alone;"
                + " missing: runs, recursion_misses", 0, 0));
        for (Counter counter : counters) {
            attached.add(new Probe(CounterReport.probe(counter), Probe.UNSUPPORTED,
                    "needs a JVM with CAP_BPF and CAP_PERFMON of its own", 0, 0));
        }
        told = List.copyOf(attached);
        probes = told;
        synchronized (this) {
            slowFds = List.copyOf(slow);
        }
    }

    private record Looker(Natives natives) implements BpfIterator.Check {
        @Override
        public int checked(int result, String call) throws KernelException {
            if (result < 0) {
                throw new KernelException("Cannot run a program", " (look_at_connections): " + call + " says "
                        + natives.textOf(-result) + ". The numbers of connections stay as they are.");
            }
            return result;
        }
    }

    /** Nobody but who has loaded programs is told their statistics; these are reckoned from their hits. */
    @Override
    public List<ProgramUse> uses(Snapshot snapshot, ByteBuffer globals, boolean ask) {
        HitCounts counts = HitCounts.of(snapshot, globals);
        List<ProgramUse> uses = new ArrayList<>();
        for (String name : List.of(ThreadStatePrograms.SWITCH, ThreadStatePrograms.WAKE_UP,
                ThreadStatePrograms.NEW_THREAD)) {
            uses.add(ThreadStatePrograms.schedulerUse(name, counts, ProgramStatistics.NONE));
        }
        uses.add(HotSpotProbes.use(0, counts, ProgramStatistics.NONE));
        uses.addAll(LatencyPrograms.handedUses(counts));
        return uses;
    }

    @Override
    public AutoCloseable measure() {
        return null;
    }

    @Override
    public List<String> switchable() {
        return List.of();
    }

    @Override
    public boolean isOn(String name) {
        return false;
    }

    @Override
    public List<Metric> metricsOf(String name) {
        return List.of();
    }

    @Override
    public void turn(String name, boolean on, String why) throws KernelException {
        throw new KernelException("Cannot change probes", " (" + name + "): this JVM was handed its programs and can"
                + " change none. Detach, and attach with other arguments.");
    }

    @Override
    public List<EventMetric> onRequest() {
        return List.of();
    }

    @Override
    public void noteWakers(boolean note) throws KernelException {
        if (note) {
            throw new KernelException("Cannot attach a probe", " (sched_waking): this JVM was handed its programs and"
                    + " can attach none. Grant it CAP_BPF and CAP_PERFMON to see more of the wakers of slow events.");
        }
    }

    @Override
    public UserProbe load(FoundProbe found, UserMetric metric) throws KernelException {
        throw new KernelException("Cannot attach a probe", " (" + metric.metric()
                + "): this JVM was handed its programs"
                + " and can load none. Grant it CAP_BPF and CAP_PERFMON to add probes.");
    }

    @Override
    public void close(UserProbe probe) {
        probe.close();
    }

    @Override
    public void lookAtConnections() {
        connections.look();
    }

    @Override
    public void lookAtCounters() {
        // There are none: they would have to be opened anew when a CPU comes.
    }

    @Override
    public void refreshStatistics() {
        List<Probe> now = new ArrayList<>(told);
        connections.addProblem(now);
        probes = List.copyOf(now);
    }

    @Override
    public List<Probe> probes() {
        return probes;
    }

    @Override
    public long recursionMisses() {
        return 0;
    }

    @Override
    public long kernelMemoryBytes() {
        return bytes;
    }

    @Override
    public void endProcess() {
        List<Integer> slow;
        synchronized (this) {
            if (closing) {
                return;
            }
            letGo = true;
            slow = slowFds;
        }
        FdClosers.closeAtOnce(natives, slow);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closing || letGo) {
                return;
            }
            closing = true;
        }
        for (int i = links.length - 1; i >= 0; i--) {
            natives.libC().close(links[i]);
        }
        for (int map : maps) {
            natives.libC().close(map);
        }
    }
}
