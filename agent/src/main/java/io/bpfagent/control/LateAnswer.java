package io.bpfagent.control;

/** An answer that another thread is at work on. Asked by the control thread, again and again. */
interface LateAnswer {
    /** The document, or null as long as it is not there. Does not wait. */
    String document();
}
