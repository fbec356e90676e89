package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadMetric;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where this JVM's {@link JdkCall}s begin. The JDK's libraries need not be loaded yet: a probe belongs to the file.
 *
 * @param sites   by the file that they are in
 * @param reasons why a metric has none, or has not all that it could have, one line each
 */
public record CallSites(Map<String, List<CallSite>> sites, Map<ThreadMetric, String> reasons) {
    /** What can be found. */
    public static final Set<ThreadMetric> METRICS = metrics();

    /** What fits on any first instruction that is looked at. */
    private static final int CODE_BYTES = 8;
    private static final int PUSH = 0x50;

    /**
     * Looks into the libraries: some milliseconds. Throws nothing: what cannot be read is a reason.
     *
     * @param jvmFile where libjvm was mapped from; the JDK's other libraries stand beside its directory
     * @param metrics those that are wanted
     */
    public static CallSites find(String jvmFile, List<ThreadMetric> metrics) {
        CallSites found = new CallSites(new LinkedHashMap<>(), new EnumMap<>(ThreadMetric.class));
        Map<ThreadMetric, String> absent = new EnumMap<>(ThreadMetric.class);
        byte[] maps = null;
        for (String library : JdkCall.LIBRARIES) {
            List<JdkCall> calls = new ArrayList<>();
            for (JdkCall call : JdkCall.ALL) {
                if (call.library().equals(library) && metrics.contains(call.metric())) {
                    calls.add(call);
                }
            }
            if (!calls.isEmpty()) {
                try {
                    maps = maps == null ? Mapping.ownMaps() : maps;
                    found.add(file(library, jvmFile, maps), calls, absent);
                } catch (IOException | RuntimeException e) {
                    found.missed(calls, e instanceof MissingException ? e.getMessage()
                            : library + " cannot be looked up: " + e);
                }
            }
        }
        for (Map.Entry<ThreadMetric, String> none : absent.entrySet()) {
            if (!found.has(none.getKey())) {
                found.reasons.putIfAbsent(none.getKey(), none.getValue());
            }
        }
        return found;
    }

    /** One whose message says all. */
    private static final class MissingException extends IOException {
        private static final long serialVersionUID = 1;

        MissingException(String message) {
            super(message);
        }
    }

    /** Whether a function was found for the metric. */
    public boolean has(ThreadMetric metric) {
        for (List<CallSite> ofFile : sites.values()) {
            for (CallSite site : ofFile) {
                if (site.metric() == metric) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<ThreadMetric> metrics() {
        Set<ThreadMetric> metrics = EnumSet.noneOf(ThreadMetric.class);
        for (JdkCall call : JdkCall.ALL) {
            metrics.add(call.metric());
        }
        return metrics;
    }

    private void missed(List<JdkCall> calls, String reason) {
        for (JdkCall call : calls) {
            reasons.put(call.metric(), reason);
        }
    }

    private static String file(String library, String jvmFile, byte[] maps) throws IOException {
        List<Mapping> mapped = Mapping.ofLibrary(maps, library);
        for (Mapping mapping : mapped) {
            if (mapping.deleted()) {
                throw new MissingException("the mapped " + mapping.path() + " has been replaced or deleted");
            }
        }
        if (library.equals(JdkCall.LIBC)) {
            if (mapped.isEmpty()) {
                throw new MissingException("no " + library + " is mapped");
            }
            return mapped.get(0).path();
        }
        File directory = new File(jvmFile).getParentFile();
        if (directory == null || directory.getParentFile() == null) {
            throw new MissingException("no libjvm.so is mapped beside which " + library + " would stand");
        }
        File beside = new File(directory.getParentFile(), library);
        if (!beside.isFile()) {
            throw new MissingException("there is no " + beside);
        }
        return beside.getPath();
    }

    /** @param absent which of them the library does not have: another name of the function may be there */
    private void add(String path, List<JdkCall> calls, Map<ThreadMetric, String> absent) throws IOException {
        List<CallSite> inFile = new ArrayList<>();
        try (ElfFile file = new ElfFile(path)) {
            List<String> names = new ArrayList<>();
            for (JdkCall call : calls) {
                names.addAll(call.names());
            }
            long[] offsets = file.exportedFunctions(names);
            for (JdkCall call : calls) {
                absent.put(call.metric(), new File(path).getName() + " has none of the functions "
                        + String.join(", ", call.names()));
                for (String name : call.names()) {
                    long offset = offsets[names.indexOf(name)];
                    long begin = offset < 0 ? -1 : cheapBegin(file, offset);
                    if (begin >= 0) {
                        inFile.add(new CallSite(call.metric(), path, name, begin, call.canFail()));
                    } else if (offset >= 0) {
                        reasons.put(call.metric(), name
                                + " begins with an instruction that must be single-stepped: 10 us a call");
                    }
                }
            }
        }
        if (!inFile.isEmpty()) {
            sites.put(path, inFile);
        }
    }

    /**
     * Where a probe on the function costs least, or -1 where it costs too much. The kernel emulates a push; most other
     * instructions it single-steps, which takes 10 us (docs/decisions/0013). A landing pad (endbr64) is passed over: the
     * stack is the same behind it.
     */
    private static long cheapBegin(ElfFile file, long offset) throws IOException {
        String processor = System.getProperty("os.arch", "");
        if (!processor.equals("amd64") && !processor.equals("x86_64")) {
            return offset; // elsewhere all instructions are of one size, and many are emulated
        }
        byte[] code = file.code(offset, CODE_BYTES);
        boolean pad = code.length == CODE_BYTES && code[0] == (byte) 0xf3 && code[1] == 0x0f && code[2] == 0x1e
                && code[3] == (byte) 0xfa;
        int at = pad ? 4 : 0;
        int first = code.length > at ? Byte.toUnsignedInt(code[at]) : 0;
        int second = code.length > at + 1 ? Byte.toUnsignedInt(code[at + 1]) : 0;
        boolean push = isPush(first) || first >> 4 == 4 && isPush(second);
        return push ? offset + at : -1;
    }

    private static boolean isPush(int code) {
        return code >> 3 == PUSH >> 3;
    }
}
