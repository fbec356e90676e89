package io.bpfagent.kernel;

import io.bpfagent.report.Probe;

/** What became of something that was to be attached; {@code program} is the one that runs, or null. */
record Attachment(BpfProgram program, Probe outcome) {
    /** Attached as {@code detail} says; the kernel has statistics of it. */
    static Attachment of(BpfProgram program, String detail) {
        return new Attachment(program, new Probe(program.name(), Probe.ATTACHED, detail, 0, 0));
    }

    /** Something without statistics of its own. */
    static Attachment of(String name, String status, String detail) {
        return new Attachment(null, new Probe(name, status, detail, 0, 0));
    }

    /** With what the kernel counts of it by now. */
    Probe outcome(ProgramStatistics statistics) {
        return new Probe(outcome.name(), outcome.status(), outcome.detail(), statistics.runs(), statistics.nsPerRun());
    }
}
