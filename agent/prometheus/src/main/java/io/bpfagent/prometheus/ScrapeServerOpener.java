package io.bpfagent.prometheus;

import java.io.IOException;

/** Opens {@link ScrapeServer}s: the only class of the tier below that is asked for by its name. */
public interface ScrapeServerOpener {
    /** The one there is. */
    String CLASS = "io.bpfagent.prometheus.serve.HttpScrapeServers";

    /**
     * Opens one.
     *
     * @param host a name or address
     * @param port 0 for any that is free
     * @throws IOException if it cannot listen there
     */
    ScrapeServer open(String host, int port, ScrapeSource source) throws IOException;
}
