package io.bpfagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How often every BPF program ran and for how long: the kernel's own counts, while it keeps them. */
final class ProgramCounters {
    private static final Path SWITCH = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    private ProgramCounters() {}

    /** A program's, since it was loaded. */
    record Counter(String name, long runs, long ns) {
        Counter since(Counter earlier) {
            return new Counter(name, runs - earlier.runs, ns - earlier.ns);
        }
    }

    /** Of all programs, by id. Needs bpftool. */
    static Map<Integer, Counter> read() {
        Map<Integer, Counter> counters = new HashMap<>();
        for (JsonElement element
                : JsonParser.parseString(Tools.run("bpftool", "-j", "prog", "show")).getAsJsonArray()) {
            JsonObject program = element.getAsJsonObject();
            counters.put(program.get("id").getAsInt(), new Counter(
                    program.has("name") ? program.get("name").getAsString() : "", number(program, "run_cnt"),
                    number(program, "run_time_ns")));
        }
        return counters;
    }

    private static long number(JsonObject program, String key) {
        return program.has(key) ? program.get(key).getAsLong() : 0;
    }

    /** What that finds while the kernel counts, some 50 ns a run; it does not otherwise, unless it did before. */
    static <T> T whileCounting(Supplier<T> looking) {
        try {
            String before = Files.readString(SWITCH).strip();
            Files.writeString(SWITCH, "1");
            try {
                return looking.get();
            } finally {
                Files.writeString(SWITCH, before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
