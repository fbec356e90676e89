package io.bpfagent.kernel;

/**
 * What a hit of a probe costs on the machine on which the benchmarks ran (docs/benchmarks.md): taken where nothing
 * better is known.
 *
 * @param programNs in its program, ns
 * @param entryNs   on the way into the program and back, which the kernel's statistics do not contain, ns
 */
public record ProgramCost(double programNs, double entryNs) {
    /** Of a hit of a uprobe at one instruction, USDT too: a trap. */
    static final double TRAP_NS = 550;
    /** Mean of a function's entry and its return, which is a trap of its own. */
    static final double CALL_NS = 750;

    /** A switch of a thread of the host: one end of a stay. */
    static final ProgramCost SWITCH = new ProgramCost(100, 0);
    static final ProgramCost WAKE_UP = new ProgramCost(90, 0);
    static final ProgramCost WAKER = new ProgramCost(60, 0);
    static final ProgramCost HOTSPOT = new ProgramCost(170, TRAP_NS);
    static final ProgramCost CALL = new ProgramCost(150, CALL_NS);
    static final ProgramCost TRANSFER = new ProgramCost(150, CALL_NS);
    static final ProgramCost SYSCALL = new ProgramCost(140, 0);
    static final ProgramCost DISK = new ProgramCost(200, 0);
    static final ProgramCost TCP = new ProgramCost(400, 0);
    static final ProgramCost RECLAIM = new ProgramCost(150, 0);
    static final ProgramCost USER_TRAP = new ProgramCost(120, TRAP_NS);
    static final ProgramCost USER_CALL = new ProgramCost(120, CALL_NS);
    static final ProgramCost USER_EVENT = new ProgramCost(120, 0);
}
