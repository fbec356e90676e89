package io.bpfagent.it;

import io.bpfagent.it.PauseReport.PauseEntry;
import java.util.ArrayList;
import java.util.List;

/** The pauses of a host while they come in, so that none leaves the agent's list unseen. */
public final class FollowedPauses {
    /** So often that, of some hundred a second, never more have come than the 256 that are kept. */
    private static final long LOOK_MS = 100;

    private final HostJvm host;
    private final List<PauseEntry> pauses = new ArrayList<>();
    private long last;

    /** Those with numbers above {@code after}. */
    public FollowedPauses(HostJvm host, long after) {
        this.host = host;
        this.last = after;
    }

    /** Plays a scene to its end and adds all that come meanwhile. */
    public void play(String scene) {
        host.send(scene);
        while (!host.stdout().contains("done " + scene)) {
            add(host.pauses(last));
            Await.sleep(LOOK_MS);
            if (!host.isAlive() || host.stdout().stream().anyMatch(line -> line.startsWith("failed " + scene))) {
                throw new AssertionError(scene + " was not played to its end\n" + host.report());
            }
        }
    }

    /** All so far, oldest first; those too that the agent is about to list. */
    public List<PauseEntry> all() {
        add(host.freshPauses(last));
        return List.copyOf(pauses);
    }

    private void add(PauseReport report) {
        List<PauseEntry> more = report.pauses();
        if (!more.isEmpty()) {
            pauses.addAll(more);
            last = more.get(more.size() - 1).number();
        }
    }
}
