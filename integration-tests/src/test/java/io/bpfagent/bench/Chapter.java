package io.bpfagent.bench;

import java.util.List;

/** One question and its tables. */
interface Chapter {
    /** As the command line names it. */
    String name();

    /** Its heading. */
    String title();

    /** Takes the time that it needs; the text below the heading, in Markdown. */
    String measure(Effort effort);

    /** What it has measured as curves, whose pictures its text links. */
    default List<Curve> curves() {
        return List.of();
    }

    /** Why what was measured is not as it must be, in one line; empty when it is, or nothing must be. */
    default String problem() {
        return "";
    }
}
