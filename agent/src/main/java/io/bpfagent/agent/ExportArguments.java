package io.bpfagent.agent;

import io.bpfagent.export.ExportSettings;
import io.bpfagent.export.JfrMode;
import io.bpfagent.export.ListenAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments {@code prometheus}, {@code extensions} and {@code jfr}. */
final class ExportArguments {
    /** In the order in which they are shown; all can be changed while the agent is there. */
    static final List<String> KEYS = List.of("prometheus", "extensions", "jfr");
    private static final String OFF = "off";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_PORT = 65_535;
    private static final int PORT_DIGITS = 5;
    private static final String ADDRESS_RULE =
            "must be HOST:PORT (a name, an IPv4 address or [an IPv6 address]) or a PORT of the loopback, 0 to 65535,"
            + " or off";

    private ExportArguments() {
    }

    /** Reads them. */
    static ExportSettings of(Map<String, Argument> given) throws ArgumentException {
        return changedBy(ExportSettings.DEFAULT, given);
    }

    /** These with some changed. */
    static ExportSettings changedBy(ExportSettings now, Map<String, Argument> given) throws ArgumentException {
        Argument prometheus = given.get("prometheus");
        Argument extensions = given.get("extensions");
        Argument jfr = given.get("jfr");
        return new ExportSettings(
                prometheus == null ? now.prometheus() : address(prometheus),
                extensions == null ? now.extensions() : paths(extensions),
                jfr == null ? now.jfr() : jfr.oneOf(JfrMode.class));
    }

    private static Optional<ListenAddress> address(Argument given) throws ArgumentException {
        String text = given.text();
        if (text.equals(OFF)) {
            return Optional.empty();
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? LOOPBACK : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw given.refused(ADDRESS_RULE);
        }
        int port = port(text.substring(colon + 1));
        if (port < 0 || host.isEmpty()) {
            throw given.refused(ADDRESS_RULE);
        }
        return Optional.of(new ListenAddress(host, port));
    }

    /** -1 for what is none. */
    private static int port(String text) {
        if (text.isEmpty() || text.length() > PORT_DIGITS) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        int port = Integer.parseInt(text);
        return port > MOST_PORT ? -1 : port;
    }

    private static List<Path> paths(Argument given) throws ArgumentException {
        List<Path> paths = new ArrayList<>();
        if (given.text().equals(OFF)) {
            return paths;
        }
        for (String part : given.value().split("[,;]")) {
            String text = part.strip();
            try {
                if (text.isEmpty() || !text.endsWith(".jar")) {
                    throw given.refused("must be paths of jars, with a semicolon between them, or off");
                }
                Path path = Path.of(text);
                if (!paths.contains(path)) {
                    paths.add(path);
                }
            } catch (InvalidPathException e) {
                throw given.refused("must be paths of jars, with a semicolon between them, or off");
            }
        }
        return paths;
    }

    /** As {@code ,key=value}, what is not the default: the inverse of {@link #of}. */
    static String text(ExportSettings settings) {
        StringBuilder text = new StringBuilder();
        if (settings.prometheus().isPresent()) {
            text.append(",prometheus=").append(settings.prometheus().get());
        }
        for (int i = 0; i < settings.extensions().size(); i++) {
            text.append(i == 0 ? ",extensions=" : ";").append(settings.extensions().get(i));
        }
        if (settings.jfr() != JfrMode.AUTO) {
            text.append(",jfr=").append(Argument.label(settings.jfr()));
        }
        return text.toString();
    }
}
