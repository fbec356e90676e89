package io.bpfagent.agent;

import com.google.gson.JsonObject;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.HostFacts;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.ProcessFiles;
import io.bpfagent.kernel.Giving;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.LoadTarget;
import io.bpfagent.kernel.ThreadStateLoader;
import io.bpfagent.kernel.ThreadStatePrograms;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/**
 * Loads programs for another JVM and hands them to it: what {@code attach-cli} calls, by its name and with types of the
 * JDK alone, in its own process.
 *
 * <p>What is kept in the kernel of it is kept by the JVM that took it; this process is to end soon after, since it
 * holds all of it as well.
 */
public final class HandOverCommand {
    /** The JVM looks at itself first, some 60 ms. */
    private static final int FACTS_MS = 15_000;
    /** What the JVM may decide: how much room there is and what is wanted. */
    private static final Set<String> OF_THE_JVM = Set.of("threads", "histograms", "metrics", "pause-buffer", "usdt",
            "contexts");
    /** What only who calls may: files that are loaded into this process. */
    private static final Set<String> OF_THE_CALLER = Set.of("libbpf", "tmpdir", "btf");

    private HandOverCommand() {}

    /**
     * Looks whether this process can do it, before the JVM is asked to listen.
     *
     * @param arguments as for {@link #handOver}
     * @return null when it can, else one line that says why not
     */
    public static String prepare(String arguments) {
        try {
            Arguments own = Arguments.read(only(OF_THE_CALLER, arguments), Map.of(), Map.of());
            ThreadStateLoader.checkRequirementsForOther(own);
            NativeTier.open(own.tmpdir().toString(), own.libbpf().orElse(null));
            return null;
        } catch (ArgumentException | KernelException | NativeTierException e) {
            return e.getMessage();
        } catch (RuntimeException | LinkageError e) {
            return internal(e);
        }
    }

    /**
     * Does it.
     *
     * @param pid       of the JVM, as this process sees it
     * @param socket    where it listens, as this process can reach it
     * @param arguments that the caller gave: of these {@code libbpf}, {@code tmpdir} and {@code btf} count
     * @param isSame    whether that PID is still the process that was meant, and in every respect that of the user with
     *     this number
     * @return null when the JVM has them, else one line that says why not
     */
    public static String handOver(int pid, String socket, String arguments, IntPredicate isSame) {
        try {
            Arguments own = Arguments.read(only(OF_THE_CALLER, arguments), Map.of(), Map.of());
            NativeTier natives = NativeTier.open(own.tmpdir().toString(), own.libbpf().orElse(null));
            try (PacketSocket connected = PacketSocket.connect(natives, Path.of(socket))) {
                handOver(natives, connected, pid, own, isSame);
                return null;
            }
        } catch (ArgumentException | KernelException | NativeTierException e) {
            return e.getMessage();
        } catch (HandOverException e) {
            return "The hand-over failed: " + e.getMessage() + ".";
        } catch (RuntimeException | LinkageError e) {
            return internal(e);
        }
    }

    private static String internal(Throwable e) {
        return "The hand-over failed: an internal error, " + e + ". Please report it.";
    }

    /** The same once both are connected. */
    static void handOver(NativeTier natives, PacketSocket socket, int pid, Arguments own, IntPredicate isSame)
            throws HandOverException, KernelException, NativeTierException, ArgumentException {
        PacketSocket.Peer peer = socket.peer();
        // Of whom it was when it began to listen: by execve it may have become a set-uid program since.
        BooleanSupplier same = () -> isSame.test(peer.uid());
        if (peer.pid() != pid) {
            throw new HandOverException("the socket is not the JVM's but process " + peer.pid() + "'s");
        }
        if (!same.getAsBoolean()) {
            throw new HandOverException("process " + pid + " is not the JVM any more, or not user " + peer.uid()
                    + "'s alone");
        }
        try {
            HostFacts facts = HostFacts.of(socket.receive(FACTS_MS, 0).document());
            if (facts.objects() != ThreadStateLoader.checksum()) {
                throw new HandOverException("the agent in the JVM is of another release than this attach-cli: detach it"
                        + " first (attach-cli detach " + pid + ")");
            }
            String wanted = only(OF_THE_JVM, facts.arguments());
            if (!wanted.equals(facts.arguments())) {
                throw new HandOverException("the JVM asks for more than sizes and metrics");
            }
            Arguments given = Arguments.read(
                    own.btf().isPresent() ? wanted + ",btf=" + own.btf().get() : wanted, Map.of(), Map.of());
            HotSpot hotSpot = facts.hotSpot(ProcessFiles.of(pid).libJvm(facts.waitBarrier()));
            LoadTarget target = LoadTarget.other(pid, facts.release(), facts.errnoOffset());
            // Not closed: taking a link back here could take it from the JVM; the process ends.
            ThreadStatePrograms programs = new ThreadStateLoader(natives, given, hotSpot, target).load();
            Giving giving = new Giving(natives, programs, socket);
            giving.giveMaps(same);
            giving.giveLinks(same);
        } catch (HandOverException | KernelException | ArgumentException e) {
            tell(socket, e.getMessage());
            throw e;
        }
    }

    private static void tell(PacketSocket socket, String problem) {
        JsonObject error = new JsonObject();
        error.addProperty("error", problem);
        try {
            socket.send(error);
        } catch (HandOverException e) {
            // The JVM sees that the connection is closed.
            return;
        }
    }

    /** What the JVM sends of its arguments. */
    static String ofTheJvm(Arguments arguments) {
        return only(OF_THE_JVM, arguments.text());
    }

    /** Of arguments those with these keys. */
    private static String only(Set<String> keys, String arguments) {
        Map<String, String> kept = new TreeMap<>();
        for (String argument : arguments.split(",")) {
            int equals = argument.indexOf('=');
            if (equals > 0 && keys.contains(argument.substring(0, equals).strip())) {
                kept.put(argument.substring(0, equals).strip(), argument);
            }
        }
        return String.join(",", kept.values());
    }
}
