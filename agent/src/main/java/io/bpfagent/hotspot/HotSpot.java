package io.bpfagent.hotspot;

import io.bpfagent.correlation.IdentitySource;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is known of the JVM this agent runs in.
 *
 * @param libJvm     its library
 * @param layout     where it keeps a thread's tid and state
 * @param tls        where the BPF programs find a thread's JavaThread
 * @param waits      how its waits are told apart; -1 and 0 where that was not learnt
 * @param flags      what its flags are, as far as they can be read
 * @param identities names and kinds of all threads, as far as they can be had
 * @param reasons    what is missing and why, one line each, for {@code status}; empty on a HotSpot with
 *                   everything
 * @param descriptorOffset where in a {@code FileDescriptor} its number stands, bytes; 0 where nobody asked or it is
 *                   not known
 */
public record HotSpot(Finding<LibJvm> libJvm, Finding<HotSpotLayout> layout, Finding<TlsLocation> tls,
        WaitClues waits, JvmFlags flags, ThreadIdentities identities, List<String> reasons,
        int descriptorOffset) {
    public HotSpot {
        Objects.requireNonNull(libJvm, "libJvm");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(waits, "waits");
        Objects.requireNonNull(flags, "flags");
        Objects.requireNonNull(identities, "identities");
        reasons = List.copyOf(reasons);
    }

    /** Of which nobody asked where descriptors stand. */
    public HotSpot(Finding<LibJvm> libJvm, Finding<HotSpotLayout> layout, Finding<TlsLocation> tls,
            WaitClues waits, JvmFlags flags, ThreadIdentities identities, List<String> reasons) {
        this(libJvm, layout, tls, waits, flags, identities, reasons, 0);
    }

    /**
     * The same, having looked where descriptors stand: what reads and writes of channels are told apart by, and what
     * slow calls name their files and peers by.
     *
     * @param instrumentation as for {@link #probe}
     */
    public HotSpot withDescriptors(Instrumentation instrumentation) {
        Finding<Integer> offset = DescriptorField.offset(instrumentation);
        List<String> more = new ArrayList<>(reasons);
        if (!offset.found()) {
            more.add(offset.reason());
        }
        return new HotSpot(libJvm, layout, tls, waits, flags, identities, more, offset.value().orElse(0));
    }

    /**
     * Looks at the running JVM: some 60 ms in a JVM that has just begun, 12 ms in a warm one.
     *
     * @param memory          kept by {@link #identities()} and {@link #flags()}; to be closed after the last
     *                        call to these
     * @param instrumentation for opening java.lang to this class's module and no other
     */
    public static HotSpot probe(OwnMemory memory, Instrumentation instrumentation) {
        Finding<LibJvm> libJvm = LibJvm.find(memory);
        Finding<HotSpotLayout> layout = libJvm.found()
                ? HotSpotLayout.read(memory, libJvm.value().get())
                : Finding.missing(libJvm.reason());
        Finding<JavaThreads> opened = JavaThreads.open(instrumentation);
        Finding<TlsLocation> tls = Finding.missing(layout.found() ? opened.reason() : layout.reason());
        WaitClues waits = WaitClues.NONE;
        OsThreads osThreads = null;
        if (layout.found() && opened.found()) {
            osThreads = new OsThreads(memory, layout.value().get());
            JavaThreads threads = opened.value().get();
            tls = locateTls(memory, libJvm.value().get(), osThreads, threads);
            waits = new WaitClueFinder(memory, layout.value().get(), threads).find();
        }
        ThreadDirectory directory = opened.found() ? new ThreadDirectory(opened.value().get(), osThreads) : null;
        return new HotSpot(libJvm, layout, tls, waits, new HotSpotFlags(memory, libJvm.value()),
                new ThreadIdentities(directory, true),
                reasons(libJvm, layout, opened, tls));
    }

    private static Finding<TlsLocation> locateTls(
            OwnMemory memory, LibJvm libJvm, OsThreads osThreads, JavaThreads threads) {
        int count = threads.refresh();
        try {
            long[] addresses = new long[count];
            for (int i = 0; i < count; i++) {
                addresses[i] = threads.address(threads.get(i));
            }
            long[] pthreads = new long[count];
            osThreads.read(addresses, count, new int[count], pthreads);
            return TlsLocator.locate(memory, libJvm, addresses, pthreads, count);
        } finally {
            threads.forget();
        }
    }

    private static List<String> reasons(Finding<LibJvm> libJvm, Finding<HotSpotLayout> layout,
            Finding<JavaThreads> opened, Finding<TlsLocation> tls) {
        List<String> reasons = new ArrayList<>();
        for (Finding<?> finding : List.of(libJvm, layout, opened, tls)) {
            if (!finding.found() && !reasons.contains(finding.reason())) {
                reasons.add(finding.reason());
            }
        }
        LibJvm jvm = libJvm.value().orElse(null);
        if (jvm != null && jvm.file().isEmpty()) {
            reasons.add("the mapped " + jvm.path() + " has been replaced or deleted: no USDT probes");
        } else if (jvm != null && jvm.usdtSites().isEmpty()) {
            reasons.add(jvm.path() + " was built without USDT probes");
        }
        return reasons;
    }

    /**
     * What single threads have allocated; null where that cannot be read.
     *
     * @param memory to be closed after the last call to it
     */
    public OwnAllocation allocation(OwnMemory memory) {
        return identities.allocation(memory, layout.value().orElse(null));
    }

    /** Who the threads are. */
    public IdentitySource identitySource() {
        return identities;
    }
}
