package io.bpfagent.hotspot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        return of(WAITS, allSites());
    }

    /** One whose layout is known, with these clues and sites; its flags are off. */
    public static HotSpot of(WaitClues waits, List<UsdtSite> sites) {
        return of(waits, sites, flag -> true);
    }

    public static HotSpot of(WaitClues waits, List<UsdtSite> sites, JvmFlags flags) {
        return of(LIBJVM, Optional.of(LIBJVM), waits, sites, flags);
    }

    /** One whose libjvm stands in this file, beside the JDK's other libraries. */
    public static HotSpot at(String libJvm) {
        return of(libJvm, Optional.of(libJvm), WAITS, List.of(), flag -> true);
    }

    /** One whose library's file is not the one that is mapped. */
    public static HotSpot replaced() {
        return of(LIBJVM, Optional.empty(), WAITS, List.of(), flag -> true);
    }

    private static HotSpot of(String path, Optional<String> file, WaitClues waits, List<UsdtSite> sites,
            JvmFlags flags) {
        LibJvm libJvm = new LibJvm(path, file, 0x7f0001000000L, 0x40, sites, WAIT_BARRIER);
        return new HotSpot(Finding.found(libJvm), Finding.found(LAYOUT), Finding.found(TLS), waits, flags,
                new ThreadIdentities(null, false), List.of());
    }

    /** A site of each probe, and a second one of gc__begin. */
    public static List<UsdtSite> allSites() {
        List<UsdtSite> sites = new ArrayList<>();
        for (int i = 0; i < HotSpotProbe.count(); i++) {
            sites.add(site(HotSpotProbe.at(i), "8@%r13 -4@%r14d 8@-56(%rbp) -4@$24"));
        }
        sites.add(site(HotSpotProbe.GC_BEGIN, "1@$1"));
        return sites;
    }

    /** One at an offset that says which probe it is of. */
    public static UsdtSite site(HotSpotProbe probe, String arguments) {
        return new UsdtSite(probe, 0x1000 + probe.ordinal(), 0, arguments);
    }

    /** No HotSpot, or one that could not be read. */
    public static HotSpot unknown() {
        return new HotSpot(Finding.missing("no libjvm.so"), Finding.missing("no layout"), Finding.missing("no TLS"),
                WaitClues.NONE, flag -> false, new ThreadIdentities(null, false), List.of("no libjvm.so"));
    }
}
