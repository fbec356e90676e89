package io.bpfagent.prometheus.serve;

import io.bpfagent.prometheus.ScrapeServer;
import io.bpfagent.prometheus.ScrapeServerOpener;
import io.bpfagent.prometheus.ScrapeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Opens servers; made by its name, from the agent's tier. */
public final class HttpScrapeServers implements ScrapeServerOpener {
    @Override
    public ScrapeServer open(String host, int port, ScrapeSource source) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("nobody knows this host");
        }
        return HttpScrapeServer.open(address, source);
    }
}
