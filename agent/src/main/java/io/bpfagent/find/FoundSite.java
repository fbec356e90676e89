package io.bpfagent.find;

import io.bpfagent.hotspot.UsdtArgument;
import java.util.List;

/**
 * One instruction that a probe is to be attached to.
 *
 * @param file      as the kernel can open it
 * @param function  that begins there, as it is shown; for USDT {@code provider:name}
 * @param offset    of the instruction, in the file
 * @param semaphore offset in the file of the counter that the kernel raises while the probe is attached; 0 for none
 * @param arguments where they stand: of a USDT probe from its note, as many as it has, null for one that cannot be
 *                  read and that nobody asked for; of a function, six, from the calling convention
 */
public record FoundSite(String file, String function, long offset, long semaphore, List<UsdtArgument> arguments) {}
