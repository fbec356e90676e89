package io.bpfagent.agent;

import io.bpfagent.control.ControlServer;
import io.bpfagent.control.OwnStatus;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.HostFacts;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.kernel.HandedPrograms;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ThreadStateLoader;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.BooleanSupplier;

/**
 * The socket through which programs come into this JVM: there only as long as somebody is expected, in the directory of
 * the control channel, which nobody else can enter. Lets in root and the JVM's own user. One thread.
 */
final class HandOverEntrance implements AutoCloseable {
    private static final int COME_MS = 15_000;

    private final NativeTier natives;
    private final Path path;
    private final PacketSocket listening;
    private final HandOverDoor door;
    private PacketSocket connected;

    private HandOverEntrance(NativeTier natives, Path path, PacketSocket listening, HandOverDoor door) {
        this.door = door;
        this.natives = natives;
        this.path = path;
        this.listening = listening;
    }

    /** Listens, and tells who knocked at the door where. */
    static HandOverEntrance open(NativeTier natives, HandOverDoor door) throws KernelException, NativeTierException {
        Path path = ControlServer.handOverSocket(ControlServer.BASE, OwnStatus.pid());
        try {
            Files.deleteIfExists(path);
            HandOverEntrance entrance = new HandOverEntrance(natives, path, PacketSocket.listen(natives, path),
                    door);
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException | RuntimeException e) {
                entrance.close();
                throw e;
            }
            door.answer(path.toString());
            return entrance;
        } catch (IOException | HandOverException e) {
            throw failed(e.getMessage());
        }
    }

    private record Closed(HandOverDoor door) implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return !door.isOpen();
        }
    }

    /**
     * The programs of whoever comes first; to be attached before this is closed. When the door is closed meanwhile,
     * nobody is waited for any longer.
     */
    HandedPrograms take(Arguments arguments, HotSpot hotSpot) throws KernelException {
        listening.waitUnless(new Closed(door));
        try {
            connected = listening.accept(COME_MS);
            door.enter();
            int user = connected.peer().uid();
            if (user != 0 && user != OwnStatus.fileUser()) {
                throw new HandOverException("user " + user + " is neither root nor this JVM's");
            }
        } catch (IOException | HandOverException e) {
            throw failed(e.getMessage());
        }
        HostFacts facts = HostFacts.of(ThreadStateLoader.checksum(), HandOverCommand.ofTheJvm(arguments), hotSpot,
                ThreadStateLoader.errnoOffset(natives));
        return HandedPrograms.receive(natives, connected, facts, arguments.threads(), arguments.histograms(),
                arguments.counters(), arguments.contexts().on());
    }

    private static KernelException failed(String why) {
        return new KernelException("Cannot take over the BPF programs", ": " + why
                + ". Run the command again: sudo attach-cli PID.");
    }

    @Override
    public void close() {
        try (PacketSocket first = listening; PacketSocket second = connected) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the directory is taken away with it when the agent goes
            return;
        }
    }
}
