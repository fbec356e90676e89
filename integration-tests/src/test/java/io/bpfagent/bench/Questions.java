package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the bench asks an application on its stdin: {@code count N}, answered by {@code count N DONE NANOTIME}; and one
 * that is its own client {@code latencies N}, answered by {@code latencies N P50 P99 P99.9}, in us, of what was done
 * since it was asked last.
 */
final class Questions {
    private Questions() {}

    /** Answers until stdin is closed. */
    static void answer(LongAdder done) throws IOException {
        answer(done, List.of());
    }

    /** The same, of what took so long. */
    static void answer(LongAdder done, Collection<Durations> durations) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(line + " " + (line.startsWith("latencies ") ? Durations.percentiles(durations)
                    : done.sum() + " " + System.nanoTime()));
        }
    }
}
