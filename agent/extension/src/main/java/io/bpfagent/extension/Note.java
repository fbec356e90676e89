package io.bpfagent.extension;

import java.util.Objects;

/**
 * How an extension goes.
 *
 * @param works whether it does what it is for
 * @param text  one line: to whom it exports and how often, or what is wrong and what to do
 */
public record Note(boolean works, String text) {
    public Note {
        Objects.requireNonNull(text, "text");
    }
}
