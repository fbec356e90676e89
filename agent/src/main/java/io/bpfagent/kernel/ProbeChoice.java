package io.bpfagent.kernel;

import io.bpfagent.hotspot.HotSpotProbe;
import java.util.List;

/** What is to become of one of HotSpot's probes. */
sealed interface ProbeChoice {
    HotSpotProbe probe();

    /** To be attached, at all of these sites. */
    record Wanted(HotSpotProbe probe, List<ProbeSite> sites) implements ProbeChoice {}

    /** Nobody has asked for what it gives; it can be had while the agent is there, at all of these sites. */
    record Spare(HotSpotProbe probe, List<ProbeSite> sites) implements ProbeChoice {}

    /** Nobody has asked for what it gives; no report names it. */
    record NotNeeded(HotSpotProbe probe) implements ProbeChoice {}

    /** It is missed. @param reason one line, without a full stop */
    record Unsupported(HotSpotProbe probe, String reason) implements ProbeChoice {}
}
