package io.bpfagent.control;

/** Lets programs be handed over that another process has loaded. Called by the control thread. */
public interface HandOverControl {
    /** What became of a request. @param socket where the agent listens now, or null @param problem why it does not */
    record Answer(String socket, String problem) {
    }

    /** An answer that is there, or is yet to come. */
    interface Reply {
        /** Null as long as it is not there: for 15 s at most. Does not wait. */
        Answer answer();
    }

    /** Has the agent listen for somebody who hands programs over. */
    Reply listen();
}
