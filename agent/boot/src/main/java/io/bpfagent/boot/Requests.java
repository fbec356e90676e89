package io.bpfagent.boot;

/**
 * Contexts of requests that a server answers, for hooks in servers: {@code GET /orders/*}.
 *
 * <p>Each {@code enter} is to be followed by {@link Entries#leave} on the same thread. None of them throws.
 */
public final class Requests {
    private static final NameTable NAMES = new NameTable(ContextRuntime.REQUEST, new RouteNames());
    /** Of connections on which a request has begun whose content is still to come: 32 KiB. */
    private static final IdentityTable CONNECTIONS = new IdentityTable(12);

    private Requests() {}

    /**
     * Begins a request, unless the thread is in one already that it was not handed by another.
     *
     * @param uri a path, or a whole address, not decoded; null stands for none
     */
    public static long enter(String method, String uri) {
        if (!ContextRuntime.isCounted()) {
            return Entries.uncounted();
        }
        if (Handovers.isLent()) {
            Handovers.giveBack();
        } else if (Entries.isIn(ContextRuntime.REQUEST)) {
            return Entries.NONE;
        }
        return Entries.enter(NAMES.context(method == null ? "" : method, uri == null ? "" : uri));
    }

    /**
     * As {@link #enter}, of a server that is told of a request in several parts, which the connection ties together.
     */
    public static long enterOn(Object connection, String method, String uri) {
        long entry = enter(method, uri);
        if (entry != Entries.NONE) {
            CONNECTIONS.set(connection, (int) ContextRuntime.current());
        }
        return entry;
    }

    /** Goes on with the request that has begun on a connection, if there is one and the thread is in none. */
    public static long goOn(Object connection) {
        int node = CONNECTIONS.isEmpty() || Entries.isIn(ContextRuntime.REQUEST) && !Handovers.isLent() ? -1
                : CONNECTIONS.touch(connection);
        return node <= 0 ? Entries.NONE : Entries.resume(node);
    }

    /** All of the request on that connection has come. */
    public static void complete(Object connection) {
        CONNECTIONS.take(connection);
    }
}
