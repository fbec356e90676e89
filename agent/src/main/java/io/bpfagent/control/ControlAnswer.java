package io.bpfagent.control;

/**
 * What is sent back.
 *
 * @param document one JSON document without a line break; null where {@code late} will have it
 * @param last     whether the server closes itself once this has been sent
 * @param late     what there is to be waited for, while others are served; null where nothing is
 */
public record ControlAnswer(String document, boolean last, LateAnswer late) {
    /** An answer that is there. */
    public ControlAnswer(String document, boolean last) {
        this(document, last, null);
    }

    /** An answer after which the server goes on. */
    public static ControlAnswer of(String document) {
        return new ControlAnswer(document, false);
    }

    /** One that is yet to come, after which the server goes on. */
    static ControlAnswer late(LateAnswer answer) {
        return new ControlAnswer(null, false, answer);
    }
}
