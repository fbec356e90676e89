package io.bpfagent.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The watchers that are there; of the others a word. */
final class Watchers {
    private final List<Watcher> present = new ArrayList<>();
    private final StringBuilder absent = new StringBuilder();

    Watchers(Watcher... all) {
        for (Watcher watcher : all) {
            if (watcher.missing() == null) {
                present.add(watcher);
            } else {
                absent.append(String.format(Locale.ROOT, "%nWithout %s: %s.%n", watcher.name(), watcher.missing()));
            }
        }
    }

    List<Watcher> present() {
        return present;
    }

    /** For below the table; empty when all are there. */
    String absent() {
        return absent.toString();
    }
}
