package io.bpfagent.control;

/** What was asked of {@link ProbeControl}. Any thread; neither method waits. */
public interface ProbeChange {
    /** Whether it has been done, or will not be. */
    boolean isDone();

    /** Of one that {@link #isDone}: null when all can see it, else one line that says why nothing has changed. */
    String problem();
}
