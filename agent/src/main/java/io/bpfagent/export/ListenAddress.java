package io.bpfagent.export;

/**
 * Where something listens.
 *
 * @param host a name or address, an IPv6 address without brackets
 * @param port 0 to 65,535; 0 for any that is free
 */
public record ListenAddress(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
