package io.bpfagent.hotspot;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What may be known of a JVM, for tests of those who use it. */
public final class HotSpots {
    public static final String LIBJVM = "/jdk/lib/server/libjvm.so";
    public static final long WAIT_BARRIER = 0x7f0000001234L;
    public static final HotSpotLayout LAYOUT = new HotSpotLayout(0x2a8, 0x110, 0x118, 0x120, 0x568, 3, 4, 5);
    public static final TlsLocation TLS = new TlsLocation(2, 0x20);
    public static final WaitClues WAITS = new WaitClues(0x510, 0x560, 0x268, 0x7f0000400000L, 0x7f0000400033L);

    private HotSpots() {}

    /** A HotSpot of which everything is known. */
    public static HotSpot full() {
        return of(WAITS, Set.of("hotspot:thread__start", "hotspot:thread__sleep__begin", "hotspot:thread__sleep__end"));
    }

    /** One whose layout is known, with these clues and probes. */
    public static HotSpot of(WaitClues waits, Set<String> usdtProbes) {
        LibJvm libJvm = new LibJvm(LIBJVM, Optional.of(LIBJVM), 0x7f0001000000L, 0x40, usdtProbes, WAIT_BARRIER);
        return new HotSpot(Finding.found(libJvm), Finding.found(LAYOUT), Finding.found(TLS), waits,
                new ThreadIdentities(null, false), List.of());
    }

    /** No HotSpot, or one that could not be read. */
    public static HotSpot unknown() {
        return new HotSpot(Finding.missing("no libjvm.so"), Finding.missing("no layout"), Finding.missing("no TLS"),
                WaitClues.NONE, new ThreadIdentities(null, false), List.of("no libjvm.so"));
    }
}
