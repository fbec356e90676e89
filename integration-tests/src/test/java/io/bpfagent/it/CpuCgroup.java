package io.bpfagent.it;

/** One that gives its processes CPUs before others, or no more than a quota of them. */
public final class CpuCgroup extends Cgroup {
    private static final long PERIOD_US = 100_000;

    private CpuCgroup() {
        super("cpu");
    }

    /** @throws AssertionError if this machine lets nobody make one */
    public static CpuCgroup create() {
        return new CpuCgroup();
    }

    /** From now on its processes have the CPUs before all others, and compete only among themselves. */
    public void prefer() {
        write(isV2() ? "cpu.weight" : "cpu.shares", isV2() ? "10000" : "262144");
    }

    /** From now on its processes together run at most so much of the time of one CPU. */
    public void limitTo(int percentOfOneCpu) {
        long quotaUs = PERIOD_US * percentOfOneCpu / 100;
        if (isV2()) {
            write("cpu.max", quotaUs + " " + PERIOD_US);
        } else {
            write("cpu.cfs_period_us", Long.toString(PERIOD_US));
            write("cpu.cfs_quota_us", Long.toString(quotaUs));
        }
    }
}
