package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** What the bench asks an application on its stdin: {@code count N}, answered by {@code count N DONE NANOTIME}. */
final class Questions {
    private Questions() {}

    /** Answers until stdin is closed. */
    static void answer(LongAdder done) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(line + " " + done.sum() + " " + System.nanoTime());
        }
    }
}
