package io.bpfagent.find;

import io.bpfagent.find.ProbeSpec.Kind;
import io.bpfagent.hotspot.CheapSite;
import io.bpfagent.hotspot.ElfFile;
import io.bpfagent.hotspot.ElfFunctions;
import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.hotspot.UsdtNotes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lists the probes that a process could have, from outside: out of its maps, its files and the kernel's BTF.
 *
 * <p>{@code attach-cli} runs this in its own process, out of the agent's jar that it carries, so that a search costs
 * the JVM nothing, needs no agent in it, and finds exactly what {@link ProbeFinder} there would. That is why what comes
 * in and goes out are types of the JDK alone. Measured: 0.5 s in all for one name, where {@code list} takes
 * 0.3 s; 1.3 s for all 50,000 probes of a JVM. Matches are kept in memory until they are sorted.
 */
public final class ProbeSearch {
    /** Stands for a tracepoint's group where it is not known. */
    static final String ANY_GROUP = "*";

    /** A probe that matches, in the making. */
    private static final class Match {
        private final Kind kind;
        private final Library library;
        private final List<Long> offsets = new ArrayList<>(1);
        private int arguments = -1;
        private String flag = "";

        Match(Kind kind, Library library) {
            this.kind = kind;
            this.library = library;
        }
    }

    private final NamePattern pattern;
    private final boolean symbols;
    private final Map<String, Match> usdt = new TreeMap<>();
    private final Map<String, Match> functions = new TreeMap<>();
    private final Map<String, Match> tracepoints = new TreeMap<>();
    private final List<String> remarks = new ArrayList<>();

    private ProbeSearch(String pattern) {
        this.pattern = new NamePattern(pattern);
        this.symbols = pattern.startsWith("_Z");
    }

    /**
     * Called by its name.
     *
     * @param process its directory in /proc
     * @param pattern as {@link NamePattern} says; one that begins with {@code _Z} is of symbols, not of C++ names
     * @param limit   of the probes; the others are only counted
     * @return {@code probes}, a list of maps with {@code kind}, {@code probe}, {@code places}, {@code arguments} (null
     *         where unknown), {@code singleStepped} and {@code flag} (null for none); {@code found}, how many there are
     *         in all; {@code remarks}, what could not be looked at and why
     * @throws IOException when the process's mappings may not be read
     */
    public static Map<String, Object> search(String process, String pattern, int limit) throws IOException {
        return search(new Libraries(process + "/maps", process + "/root"), KernelTracepoints.ofThisMachine(), pattern,
                limit);
    }

    static Map<String, Object> search(Libraries libraries, KernelTracepoints kernel, String pattern, int limit) {
        ProbeSearch search = new ProbeSearch(pattern);
        for (Library library : libraries.all()) {
            search.addLibrary(library, libraries.shortName(library));
        }
        search.addTracepoints(kernel);
        return search.result(limit);
    }

    private void addLibrary(Library library, String name) {
        try (ElfFile file = library.read()) {
            addNotes(file, library, Kind.USDT.text() + ':' + name + ':');
            addFunctions(file, library, Kind.UPROBE.text() + ':' + name + ':');
        } catch (IOException | RuntimeException e) {
            remarks.add(library.path() + " cannot be read: " + e.getMessage()); // a damaged file may lead anywhere
        }
    }

    private void addNotes(ElfFile file, Library library, String head) throws IOException {
        UsdtNotes notes = file.usdtNotes();
        while (notes.next()) {
            String name = notes.fullName();
            if (pattern.matches(head, name) && notes.offset() >= 0) {
                Match match = usdt.get(head + name);
                if (match == null) {
                    match = new Match(Kind.USDT, library);
                    match.arguments = UsdtArgument.count(notes.arguments());
                    match.flag = UsdtFinder.flagOf(name);
                    usdt.put(head + name, match);
                }
                match.offsets.add(notes.offset());
            }
        }
    }

    private void addFunctions(ElfFile file, Library library, String head) throws IOException {
        ElfFunctions all = file.functions();
        while (all.next()) {
            String name = symbols ? all.name() : CppName.of(all.name());
            boolean canBeWritten = !name.isEmpty() && name.indexOf(' ') < 0 && !name.contains(ProbeSpec.TO);
            if (all.isIndirect() || !canBeWritten || !pattern.matches(head, name)) {
                continue;
            }
            long offset = file.offsetOf(all.address());
            Match match = functions.get(head + name);
            if (match == null) {
                match = new Match(Kind.UPROBE, library);
                functions.put(head + name, match);
            }
            // a constructor has two symbols for one function
            if (offset >= 0 && !match.offsets.contains(offset)) {
                match.offsets.add(offset);
            }
        }
    }

    private void addTracepoints(KernelTracepoints kernel) {
        try {
            Map<String, String> groups = kernel.groups();
            for (Map.Entry<String, Integer> event : kernel.all().entrySet()) {
                String head = Kind.TRACEPOINT.text() + ':' + groups.getOrDefault(event.getKey(), ANY_GROUP) + ':';
                if (pattern.matches(head, event.getKey())) {
                    Match match = new Match(Kind.TRACEPOINT, null);
                    match.arguments = event.getValue();
                    tracepoints.put(head + event.getKey(), match);
                }
            }
            // Where others were found and none of these, nobody has asked for them.
            boolean concerned = !tracepoints.isEmpty() || usdt.isEmpty() && functions.isEmpty();
            if (concerned && !kernel.knowsGroups()) {
                remarks.add("The groups of tracepoints are not known (tracefs is not mounted, or not to be read by this"
                        + " user): " + ANY_GROUP + " stands for any.");
            }
            for (String probe : tracepoints.keySet()) {
                if (ProbeSpec.isOfSystemCalls(probe.substring(probe.lastIndexOf(':') + 1))) {
                    remarks.add(probe + " slows every system call of every process by some 0.15 us: it needs"
                            + " slow-site=yes.");
                }
            }
        } catch (IOException e) {
            remarks.add("The kernel's tracepoints cannot be read: " + e.getMessage());
        }
    }

    private Map<String, Object> result(int limit) {
        List<Map<String, Object>> probes = new ArrayList<>();
        try (Code code = new Code()) {
            for (Map<String, Match> matches : List.of(usdt, functions, tracepoints)) {
                for (Map.Entry<String, Match> match : matches.entrySet()) {
                    if (probes.size() < limit) {
                        probes.add(document(match.getKey(), match.getValue(), code));
                    }
                }
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("probes", probes);
        result.put("found", usdt.size() + functions.size() + tracepoints.size());
        result.put("remarks", remarks);
        return result;
    }

    private static Map<String, Object> document(String probe, Match match, Code code) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", match.kind.text());
        document.put("probe", probe);
        document.put("places", Math.max(1, match.offsets.size()));
        document.put("arguments", match.arguments < 0 ? null : match.arguments);
        document.put("singleStepped", code.isSlow(match));
        document.put("flag", match.flag.isEmpty() ? null : match.flag);
        return document;
    }

    /** Looks at the instructions; keeps the file of the last match open, since the next is mostly of the same. */
    private static final class Code implements AutoCloseable {
        private Library library;
        private ElfFile file;

        /** Whether any place of it is to be single-stepped; false where that can no longer be read. */
        boolean isSlow(Match match) {
            try {
                for (long offset : match.offsets) {
                    if (CheapSite.of(open(match.library), offset, true) < 0) {
                        return true;
                    }
                }
            } catch (IOException | RuntimeException e) {
                return false;
            }
            return false;
        }

        private ElfFile open(Library wanted) throws IOException {
            if (!wanted.equals(library)) {
                close();
                file = wanted.read();
                library = wanted;
            }
            return file;
        }

        @Override
        public void close() {
            library = null;
            if (file != null) {
                try {
                    file.close();
                } catch (IOException e) {
                    return; // it was only read
                }
            }
        }
    }
}
