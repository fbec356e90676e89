package io.bpfagent.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@code pauses} document, read. All times in ns. */
public record PauseReport(JsonObject json) {
    /** So many pauses the agent keeps. */
    public static final int MOST = 256;

    /**
     * A thread in a pause.
     *
     * @param role        {@code vm}, {@code gc} or {@code late}
     * @param timesNs     by state, all of them
     * @param occupantsNs who had the CPU while it was runnable
     */
    public record PausedThread(int tid, String name, String role, Map<String, Long> timesNs, long minorFaults,
            long majorFaults, Map<String, Long> occupantsNs) {
        /** The time in one state. */
        public long timeNs(String state) {
            return timesNs.get(state);
        }

        /** In all states. */
        public long wallNs() {
            return Report.sum(timesNs);
        }

        @Override
        public String toString() {
            return role + " " + name + " (" + tid + ") " + nonZero(timesNs) + " occupants " + occupantsNs + " faults "
                    + minorFaults + "+" + majorFaults;
        }
    }

    private static Map<String, Long> nonZero(Map<String, Long> numbers) {
        Map<String, Long> nonZero = new TreeMap<>(numbers);
        nonZero.values().removeIf(number -> number == 0);
        return nonZero;
    }

    /**
     * A pause.
     *
     * @param partsNs where its time went, by the name of the part, all of them
     */
    public record PauseEntry(long number, long atMs, String operation, boolean gc, long totalNs, long timeToSafepointNs,
            boolean incomplete, Map<String, Long> partsNs, List<PausedThread> threads) {
        /** One of its parts. */
        public long partNs(String part) {
            return partsNs.get(part);
        }

        @Override
        public String toString() {
            return number + " " + operation + (gc ? " gc " : " ") + totalNs + " ns, to safepoint " + timeToSafepointNs
                    + (incomplete ? ", incomplete " : " ") + nonZero(partsNs) + " " + threads;
        }

        /** Its threads of that role, in the report's order. */
        public List<PausedThread> threads(String role) {
            return threads.stream().filter(thread -> thread.role().equals(role)).toList();
        }

        /** What the threads of that role spent in that state, together. */
        public long timeNs(String role, String state) {
            return threads(role).stream().mapToLong(thread -> thread.timeNs(state)).sum();
        }

        /** Who had the CPUs while the threads of that role were runnable, together. */
        public Map<String, Long> occupantsNs(String role) {
            Map<String, Long> occupants = new LinkedHashMap<>();
            for (PausedThread thread : threads(role)) {
                thread.occupantsNs().forEach((who, ns) -> occupants.merge(who, ns, Long::sum));
            }
            return occupants;
        }
    }

    /** The number of the newest pause that is known; 0 if there is none. */
    public long seen() {
        return json.get("seen").getAsLong();
    }

    /** Every loss that is not zero, by key. */
    public Map<String, Long> losses() {
        return new Report(json).losses();
    }

    /** One loss, zero or not. */
    public long loss(String key) {
        return new Report(json).loss(key);
    }

    /** Oldest first. */
    public List<PauseEntry> pauses() {
        List<PauseEntry> pauses = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray("pauses")) {
            JsonObject pause = element.getAsJsonObject();
            pauses.add(new PauseEntry(pause.get("number").getAsLong(), pause.get("atMs").getAsLong(),
                    pause.get("operation").getAsString(), pause.get("gc").getAsBoolean(),
                    pause.get("totalNs").getAsLong(),
                    pause.get("timeToSafepointNs").getAsLong(), pause.get("incomplete").getAsBoolean(),
                    Report.numbers(pause.getAsJsonObject("partsNs")), threads(pause.getAsJsonArray("threads"))));
        }
        return pauses;
    }

    private static List<PausedThread> threads(JsonArray array) {
        List<PausedThread> threads = new ArrayList<>();
        for (JsonElement element : array) {
            JsonObject thread = element.getAsJsonObject();
            Map<String, Long> occupants = new LinkedHashMap<>();
            for (JsonElement occupant : thread.getAsJsonArray("occupants")) {
                occupants.merge(occupant.getAsJsonObject().get("who").getAsString(),
                        occupant.getAsJsonObject().get("ns").getAsLong(), Long::sum);
            }
            threads.add(new PausedThread(thread.get("tid").getAsInt(), thread.get("name").getAsString(),
                    thread.get("role").getAsString(), Report.numbers(thread.getAsJsonObject("timesNs")),
                    thread.get("minorFaults").getAsLong(), thread.get("majorFaults").getAsLong(), occupants));
        }
        return threads;
    }
}
