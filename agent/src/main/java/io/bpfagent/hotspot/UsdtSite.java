package io.bpfagent.hotspot;

/**
 * One place in libjvm where a probe stands; HotSpot's compiler may make several of one probe.
 *
 * @param offset    of the instruction, in the file; -1 when the note's address is not in it
 * @param semaphore offset in the file of the counter that the kernel raises while the probe is attached; 0
 *                  when there is none, -1 when the note's address is not in the file
 * @param arguments where they stand, as the note says it, e.g. {@code 8@%r12 -4@%eax}
 */
public record UsdtSite(HotSpotProbe probe, long offset, long semaphore, String arguments) {}
