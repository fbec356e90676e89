package io.bpfagent.kernel;

import io.bpfagent.agent.ArgumentException;
import io.bpfagent.agent.Arguments;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.ProcessVmMemory;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether this kernel takes the agent's programs from this process, found out by loading them.
 *
 * <p>{@code attach-cli doctor} runs this in its own process, out of the agent's jar that it carries. That is why what
 * comes out are types of the JDK alone. The kernel's verifier sees the programs as it would in the JVM; nothing is
 * attached, and what was loaded is gone when this returns: some 0.4 s and, for that time, 2 MiB of the kernel's memory.
 */
public final class LoadTrial {
    /** The least that can be asked for: what is refused is refused for its code, not for its size. */
    private static final String SMALL = "threads=64,histograms=192,pause-buffer=64";

    private LoadTrial() {}

    /**
     * Called by its name.
     *
     * @param load whether to load the programs, else only the libraries
     * @return {@code libbpf}, its version, null where it cannot be opened; {@code error}, the line that an agent would
     *         print, null where all went well
     */
    public static Map<String, String> run(boolean load) {
        Map<String, String> result = new HashMap<>();
        try {
            Arguments arguments = Arguments.read(SMALL);
            NativeTier natives = NativeTier.open(arguments.tmpdir().toString(), arguments.libbpf().orElse(null));
            result.put("libbpf", natives.libbpfVersion());
            if (load) {
                load(natives, arguments);
            }
        } catch (ArgumentException | KernelException | NativeTierException e) {
            result.put("error", e.getMessage());
        }
        return result;
    }

    private static void load(NativeTier natives, Arguments arguments) throws KernelException {
        ThreadStateLoader.checkRequirements(arguments);
        try (ProcessVmMemory memory = new ProcessVmMemory(natives.libC())) {
            HotSpot hotSpot = HotSpot.probe(memory, null);
            new ThreadStateLoader(natives, arguments, hotSpot).load().close();
        }
    }
}
