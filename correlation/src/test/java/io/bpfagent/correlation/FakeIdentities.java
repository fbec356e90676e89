package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says once what it was given for each tid, and keeps what it was asked. */
public final class FakeIdentities implements IdentitySource {
    final Map<Integer, ThreadIdentity> next = new HashMap<>();
    List<LiveThread> asked = List.of();
    RuntimeException failure;

    public void java(FakeThread thread, String name) {
        next.put(thread.tid, new ThreadIdentity(thread.tid, name, ThreadKind.JAVA));
    }

    /** One that is not a Java thread. */
    public void nameless(FakeThread thread, String name, ThreadKind kind) {
        next.put(thread.tid, new ThreadIdentity(0, name, kind));
    }

    @Override
    public Map<Integer, ThreadIdentity> identify(List<LiveThread> live) {
        asked = new ArrayList<>(live);
        if (failure != null) {
            throw failure;
        }
        Map<Integer, ThreadIdentity> said = new HashMap<>(next);
        next.clear();
        return said;
    }
}
