package io.bpfagent.cli;

import picocli.CommandLine.Option;

/** One of the two options: a thread has one name and one pool. Null where neither is given. */
class Whose {

    @Option(names = "--pool", required = true, paramLabel = "POOL",
        description = "the threads of one pool, as 'threads' shows it: of a long name its ends with .. between them"
                + " will"
            + " do")
    private String pool;

    @Option(names = "--thread", required = true, paramLabel = "NAME",
        description = "one thread, by its name or tid; a name may be as it is shown, http-nio..-exec-7")
    private String thread;

    /** The pool, or null. */
    static String pool(Whose whose) {
        return whose == null ? null : whose.pool;
    }

    /** The thread, or null. */
    static String thread(Whose whose) {
        return whose == null ? null : whose.thread;
    }
}
