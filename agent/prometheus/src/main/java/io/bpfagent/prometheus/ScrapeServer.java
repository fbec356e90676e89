package io.bpfagent.prometheus;

import io.bpfagent.correlation.Snapshot;
import java.util.List;

/** Answers scrapes until it is closed. One thread opens and closes it; the rest any thread may ask. */
public interface ScrapeServer extends AutoCloseable {
    /** At which port it listens. */
    int port();

    /** To be called with each snapshot: later ones do not have all that a scrape tells. Returns at once. */
    void note(Snapshot snapshot);

    /** How many scrapes were answered. */
    long scrapes();

    /** The threads that answer. */
    List<Thread> threads();

    /** Nobody is answered any more, and no thread is left. Twice is harmless. */
    @Override
    void close();
}
