package io.bpfagent.find;

import java.util.List;

/**
 * A probe that exists.
 *
 * @param spec   as it was asked for
 * @param begins where it begins, all sites of the note or all functions of the name; empty for tracepoints
 * @param ends   the same of its end; empty where the spec has none
 */
public record FoundProbe(ProbeSpec spec, List<FoundSite> begins, List<FoundSite> ends) {
    /**
     * As many sites as a probe may have, begins and ends together. Of the 41,000 names of functions in libjvm nine have
     * more, all of templates.
     */
    public static final int MAX_SITES = 64;

    public FoundProbe {
        begins = List.copyOf(begins);
        ends = List.copyOf(ends);
    }
}
