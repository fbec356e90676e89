package io.bpfagent.report;

import io.bpfagent.correlation.UserMetric;

/**
 * A probe that the user has named, as of the last snapshot.
 *
 * @param metric    what it counts, by its name
 * @param spec      what was asked for
 * @param detail    how it is attached
 * @param hits      how often a thread of this JVM came by, begins and ends
 * @param unmatched begins for which no room was left, or whose end was not seen: they are not in the histogram
 * @param nsPerHit  what a hit costs in its programs on average, ns; 0 where the kernel does not count it
 */
public record UserProbeReport(UserMetric metric, String spec, String detail, long hits, long unmatched,
        double nsPerHit) {}
