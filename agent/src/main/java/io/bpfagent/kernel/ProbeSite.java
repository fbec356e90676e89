package io.bpfagent.kernel;

import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.ProbeArgument;
import java.nio.ByteBuffer;

/**
 * A site that is attached, and where the arguments stand there.
 *
 * @param arguments by number; null for what the program does not read
 */
record ProbeSite(UsdtSite site, UsdtArgument[] arguments) {
    /** Writes {@code struct probe_site}. @param at where it begins; all zero */
    void write(ByteBuffer sites, int at) {
        sites.putInt(at + RecordLayouts.ProbeSite.PROBE, site.probe().number());
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] != null) {
                write(arguments[i], sites, at + RecordLayouts.ProbeSite.ARGUMENTS + i * ProbeArgument.SIZE);
            }
        }
    }

    /** Writes {@code struct probe_argument}. @param at where it begins; all zero */
    static void write(UsdtArgument argument, ByteBuffer sites, int at) {
        sites.putLong(at + ProbeArgument.VALUE, argument.value());
        sites.putShort(at + ProbeArgument.REGISTER_OFFSET, (short) argument.registerOffset());
        sites.put(at + ProbeArgument.KIND, (byte) argument.kind());
        sites.put(at + ProbeArgument.BYTES, (byte) argument.bytes());
    }
}
