package io.bpfagent.kernel;

import io.bpfagent.report.Probe;
import java.util.List;

/**
 * The programs that look at the host's TCP connections: at those that are there when the agent comes, and at all of
 * them for each snapshot. What connections begin and end is seen by programs of {@link LatencyPrograms}. One thread,
 * the agent's own.
 */
final class Connections {
    private static final List<String> FINDERS = List.of("find_listeners", "find_connections");
    private static final String LOOKER = "look_at_connections";
    /** In the order in which they are run. */
    static final List<String> PROGRAMS = List.of(FINDERS.get(0), FINDERS.get(1), LOOKER);
    private static final String MAP = "connections";
    private static final String PORTS = "listened_ports";
    /** struct htab_elem with key and value, and a bucket. */
    private static final int PORT_BYTES = 88;
    /** Looking at 16,384 takes some milliseconds: then it is done every few seconds. */
    private static final int LEAST_REST = 1000;
    /** It may have taken long because this thread had to wait for a CPU. */
    private static final long MOST_REST_NS = 5_000_000_000L;

    private BpfIterator looker;
    private long notBeforeNs;
    private String problem;

    /** Those of a JVM that was handed what looks at them. */
    static Connections handed(BpfIterator looker) {
        Connections handed = new Connections();
        handed.looker = looker;
        return handed;
    }

    /** What looks at them; null when there is none. */
    BpfIterator looker() {
        return looker;
    }

    /** Before the object is loaded. */
    static void prepare(BpfObject object, boolean wanted) throws KernelException {
        if (!wanted) {
            object.map(PORTS).entries(1);
        }
    }

    /** What their own maps take in the kernel, beside some 350 bytes for each connection. */
    static long bytes(BpfObject object) throws KernelException {
        return object.map(PORTS).entries() * PORT_BYTES;
    }

    /**
     * Once the beginning of new ones is seen: finds where the host listens, and then those that it has.
     *
     * @param byProcess whether the kernel can look through the files of one process, else it does through all
     * @param leftOut   programs that are not loaded, of which is known why
     */
    void begin(BpfObject object, int pid, boolean byProcess, List<String> leftOut, List<Attachment> attachments) {
        for (String name : FINDERS) {
            if (leftOut.contains(name)) {
                continue;
            }
            try {
                BpfProgram finder = object.program(name);
                if (byProcess) {
                    finder.iterateTasksOf(pid);
                } else {
                    finder.iterate();
                }
                attachments.add(Attachment.of(name, Probe.ATTACHED, "iterator over files, once"));
            } catch (KernelException e) {
                attachments.add(Attachment.of(name, Probe.FAILED, e.getMessage()));
            }
        }
        if (leftOut.contains(LOOKER)) {
            return;
        }
        try {
            BpfProgram program = object.program(LOOKER);
            looker = program.iterator(object.map(MAP));
            attachments.add(Attachment.of(program, "iterator over this JVM's connections, once a snapshot"));
        } catch (KernelException e) {
            attachments.add(Attachment.of(LOOKER, Probe.FAILED, e.getMessage()));
        }
    }

    /** Before the link is closed: nothing is looked at any more. */
    void end() {
        looker = null;
        problem = null;
    }

    /** Brings the numbers of open connections up to date, unless that has taken long and was done not long ago. */
    void look() {
        long beganNs = System.nanoTime();
        if (looker == null || notBeforeNs != 0 && beganNs - notBeforeNs < 0) {
            return;
        }
        try {
            looker.run();
            problem = null;
        } catch (KernelException e) {
            problem = e.getMessage();
        }
        long endNs = System.nanoTime();
        notBeforeNs = endNs + Math.min((endNs - beganNs) * LEAST_REST, MOST_REST_NS);
    }

    /** Adds why the last look has failed, if it has. */
    void addProblem(List<Probe> probes) {
        if (problem != null) {
            probes.add(new Probe(LOOKER, Probe.FAILED, problem, 0, 0));
        }
    }
}
