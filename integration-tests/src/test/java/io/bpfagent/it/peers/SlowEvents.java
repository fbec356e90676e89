package io.bpfagent.it.peers;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.SlowReport.SlowEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The slow events of a host from now on. The agent keeps 1,024 of them; here are all that were there when somebody
 * asked.
 */
final class SlowEvents {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HostJvm host;
    private final List<SlowEntry> events = new ArrayList<>();
    private long seen;

    private SlowEvents(HostJvm host) {
        this.host = host;
    }

    /** Of what happens from now on. */
    static SlowEvents from(HostJvm host) {
        SlowEvents events = new SlowEvents(host);
        host.freshReport(); // what has happened before is listed now
        events.fetch();
        events.events.clear();
        return events;
    }

    /** Waits until there are so many of these; they are listed somewhat later than they are counted. */
    List<SlowEntry> await(int count, Predicate<SlowEntry> which) {
        Await.until(PATIENCE, () -> count + " such slow events, there are " + of(which).size() + " in " + events.size()
                + "\n" + host.report(), () -> of(which).size() >= count);
        return of(which);
    }

    private List<SlowEntry> of(Predicate<SlowEntry> which) {
        fetch();
        return events.stream().filter(which).toList();
    }

    private void fetch() {
        JsonObject request = ControlClient.request("events");
        request.addProperty("last", SlowReport.MOST);
        request.addProperty("after", seen);
        SlowReport report = new SlowReport(host.control().get(request));
        events.addAll(report.events());
        seen = report.seen();
    }
}
