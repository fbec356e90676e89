package io.bpfagent.contexts;

import io.bpfagent.boot.VirtualRuntime;
import io.bpfagent.correlation.CarrierTimes;
import io.bpfagent.correlation.EventMetric;

/** What the hooks in the host's scheduler for virtual threads have counted. One thread. */
public final class FollowedThreads implements CarrierTimes {
    /** Of an agent that begins; nothing has been counted. */
    public FollowedThreads() {
        VirtualRuntime.forget();
    }

    @Override
    public void read(EventMetric metric, long[] into) {
        VirtualRuntime.read(metric == EventMetric.VIRTUAL_RUNNABLE ? VirtualRuntime.RUNNABLE : VirtualRuntime.MOUNTED,
                into);
    }

    @Override
    public long lost() {
        return VirtualRuntime.lost();
    }

    @Override
    public String nameOf(long id) {
        return VirtualRuntime.nameOf(id);
    }
}
