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

    /**
     * Looks into the libraries: some milliseconds. Throws nothing: what cannot be read is a reason.
     *
     * @param jvmFile         where libjvm was mapped from; the JDK's other libraries stand beside its directory
     * @param metrics         those that are wanted
     * @param knowsDescriptor whether it can be told what a {@code FileDescriptor} is of; where it cannot, functions
     *                        that serve files and sockets alike are left out
     */
    public static CallSites find(String jvmFile, List<ThreadMetric> metrics, boolean knowsDescriptor) {
        return find(ProcessFiles.OWN, jvmFile, metrics, knowsDescriptor);
    }

    /** The same for that process; {@code jvmFile} is as it sees it. */
    public static CallSites find(ProcessFiles process, String jvmFile, List<ThreadMetric> metrics,
            boolean knowsDescriptor) {
        CallSites found = new CallSites(new LinkedHashMap<>(), new EnumMap<>(ThreadMetric.class));
        Map<ThreadMetric, String> absent = new EnumMap<>(ThreadMetric.class);
        byte[] maps = null;
        for (String library : JdkCall.LIBRARIES) {
            List<JdkCall> calls = new ArrayList<>();
            for (JdkCall call : JdkCall.ALL) {
                if (call.library().equals(library) && call.countsAs(metrics)) {
                    calls.add(call);
                }
            }
            if (!calls.isEmpty()) {
                try {
                    maps = maps == null ? process.maps() : maps;
                    found.add(process, file(library, jvmFile, maps, process), calls, absent, knowsDescriptor);
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

    private static String file(String library, String jvmFile, byte[] maps, ProcessFiles process)
            throws IOException {
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
            return direct(process, mapped.get(0).path());
        }
        File directory = new File(jvmFile).getParentFile();
        if (directory == null || directory.getParentFile() == null) {
            throw new MissingException("no libjvm.so is mapped beside which " + library + " would stand");
        }
        File beside = new File(direct(process, new File(directory.getParentFile(), library).getPath()));
        if (!beside.isFile()) {
            throw new MissingException("there is no " + beside);
        }
        return beside.getPath();
    }

    private static String direct(ProcessFiles process, String path) throws MissingException {
        if (!process.isDirect(path)) {
            throw new MissingException("on the way to " + path
                    + " is a symbolic link, which leads elsewhere from here");
        }
        return process.root() + path;
    }

    /** @param absent which of them the library does not have: another name of the function may be there */
    private void add(ProcessFiles process, String path, List<JdkCall> calls, Map<ThreadMetric, String> absent,
            boolean knowsDescriptor) throws IOException {
        List<CallSite> inFile = new ArrayList<>();
        try (ElfFile file = process.open(path.substring(process.root().length()))) {
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
                    boolean asks = call.descriptor() != 0 && knowsDescriptor;
                    long begin = offset < 0 ? -1 : CheapSite.of(file, offset, asks);
                    if (begin < 0 && offset >= 0 && asks && call.kind() != CallKind.OF_CHANNEL) {
                        // Behind its first instructions: the descriptor is only for slow events.
                        asks = false;
                        begin = CheapSite.of(file, offset, false);
                    }
                    if (begin >= 0 && (knowsDescriptor || !JdkCall.isShared(name))) {
                        inFile.add(new CallSite(call.metric(), path, name, begin, call.kind(),
                                asks ? call.descriptor() : 0));
                    } else if (begin >= 0) {
                        reasons.put(call.metric(), name + " serves files and sockets, and cannot be asked which");
                    } else if (offset >= 0) {
                        reasons.put(call.metric(), name + " begins with an instruction that " + CheapSite.SLOW);
                    }
                }
            }
        }
        if (!inFile.isEmpty()) {
            sites.put(path, inFile);
        }
    }
}
