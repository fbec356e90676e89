package io.bpfagent.cli.control;

import java.util.List;

/**
 * The answer to {@code compare}.
 *
 * @param differing what is otherwise in force than was asked for, each {@code interval=1s, not 500ms}
 */
public record ArgumentsDocument(int schema, List<String> differing) {

    public ArgumentsDocument {
        differing = differing == null ? List.of() : List.copyOf(differing);
    }
}
