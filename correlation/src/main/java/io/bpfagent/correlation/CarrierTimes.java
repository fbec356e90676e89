package io.bpfagent.correlation;

/**
 * What the host's carriers count themselves of the virtual threads that they run. The kernel sees none of it: a virtual
 * thread that waits for a carrier is no thread of the kernel's.
 */
public interface CarrierTimes {
    /** The length of what {@link #read} fills: a count for each bucket, then sum and maximum in ns. */
    int NUMBERS = Buckets.COUNT + 2;

    /**
     * What was counted since the agent began, all carriers together. No number goes down.
     *
     * @param metric {@link EventMetric#VIRTUAL_RUNNABLE} or {@link EventMetric#VIRTUAL_MOUNTED}
     * @param into   {@value #NUMBERS} of them; all are set
     */
    void read(EventMetric metric, long[] into);

    /** How many virtual threads found no place while they were unmounted. */
    long lost();

    /** The name of a virtual thread that was on a carrier for long not long ago; null if it is not known. */
    String nameOf(long id);
}
