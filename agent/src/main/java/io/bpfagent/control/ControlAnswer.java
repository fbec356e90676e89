package io.bpfagent.control;

/**
 * What is sent back.
 *
 * @param document one JSON document without a line break
 * @param last     whether the server closes itself once this has been sent
 */
public record ControlAnswer(String document, boolean last) {
    /** An answer after which the server goes on. */
    public static ControlAnswer of(String document) {
        return new ControlAnswer(document, false);
    }
}
