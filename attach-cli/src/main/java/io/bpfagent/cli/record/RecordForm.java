package io.bpfagent.cli.record;

import java.util.Map;

/** How a recording is written: lines, each whole by itself. One thread. */
interface RecordForm {

    /** What stands at the beginning. */
    String begin(RecordedJvm jvm);

    /** The lines of an interval. */
    String interval(RecordedInterval interval);

    /**
     * What stands at the end; empty where nothing does.
     *
     * @param reason why there is no more: {@code duration}, {@code interrupted}, {@code jvm_ended}, {@code agent_gone}
     * @param losses as of the last interval
     */
    String end(long atMs, String reason, long intervals, Map<String, Long> losses);
}
