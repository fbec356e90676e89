package io.bpfagent.kernel;

import java.util.List;

/** Asks the kernel for the statistics of programs, or does without. */
enum ProgramStatisticsReader {
    /** A system call for each program. */
    KERNEL,
    /** Nothing is asked for. */
    NONE;

    /** Of these together. */
    ProgramStatistics of(List<BpfProgram> programs) {
        long runs = 0;
        long ns = 0;
        long misses = 0;
        for (int i = 0; this == KERNEL && i < programs.size(); i++) {
            ProgramStatistics one = programs.get(i).statistics();
            runs += one.runs();
            ns += one.runTimeNs();
            misses += one.recursionMisses();
        }
        return runs == 0 && misses == 0 ? ProgramStatistics.NONE : new ProgramStatistics(runs, ns, misses);
    }
}
