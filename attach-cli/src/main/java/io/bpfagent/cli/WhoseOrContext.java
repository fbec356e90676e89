package io.bpfagent.cli;

import picocli.CommandLine.Option;

/** The same, or a context: its histograms are of all threads that were in it. */
final class WhoseOrContext extends Whose {

    @Option(names = "--context", required = true, paramLabel = "NAME",
        description = "one context by its name, as 'contexts' shows it, with what was entered inside of it: of a long"
            + " name its ends with .. between them will do")
    private String context;

    /** The context, or null. */
    static String context(WhoseOrContext whose) {
        return whose == null ? null : whose.context;
    }
}
