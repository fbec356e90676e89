package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Handovers;
import io.bpfagent.boot.Polls;
import io.bpfagent.boot.Requests;
import io.bpfagent.boot.Spans;
import io.bpfagent.boot.Statements;

/**
 * Which of the boot loader's classes a hook's advice calls. They have tables, of up to 270 KiB: made when the hook has
 * found something to be woven into, and by who weaves, for the host's threads are not to load or to initialize a class
 * in a hook.
 */
enum Tables {
    REQUESTS, STATEMENTS, POLLS, HANDOVERS, SPANS;

    /** From now on its first call costs no more than its second. */
    void make() {
        switch (this) {
            case REQUESTS -> {
                Requests.complete(null);
                Handovers.dropped(null);
            }
            case STATEMENTS -> Statements.prepared(null, null);
            case POLLS -> Polls.forget(null);
            case HANDOVERS -> Handovers.dropped(null);
            case SPANS -> Spans.read(0, null);
        }
    }
}
