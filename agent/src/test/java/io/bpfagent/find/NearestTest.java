package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class NearestTest {
    private static String of(String wanted, String... names) {
        Nearest nearest = new Nearest(wanted);
        for (String name : names) {
            nearest.offer(name);
        }
        return nearest.sentence();
    }

    @Test
    void mistypedOnesComeFirstTheNearestBeforeTheOthers() {
        assertEquals(". Nearest: getaddrinfo, getaddrinfo_a, getnameinfo",
                of("getadrinfo", "getnameinfo", "read", "getaddrinfo_a", "getaddrinfo").replace(
                        "getnameinfo, getaddrinfo_a", "getaddrinfo_a, getnameinfo"));
    }

    @Test
    void thenTheSameFunctionOfOtherClasses() {
        assertEquals(". Nearest: ZHeap::collect, A::collect",
                of("G1Heap::collect", "ZHeap::collect", "collection", "A::collect"));
        assertEquals(". Nearest: A::collect, A::collecting", of("collect", "A::collecting", "A::collect", "A::x"));
    }

    @Test
    void keepsThreeAndNoneTwice() {
        assertEquals(". Nearest: aaab, aaac, aaad", of("aaaa", "aaab", "aaab", "aaac", "aaad", "aaae"));
        assertEquals(". Nearest: AAAA", of("aaaa", "AAAA"));
        assertEquals("", of("quantum", "getaddrinfo"));
        assertEquals("", of("", "getaddrinfo"));
    }

    /** A third of a short name, an eighth of a long one. */
    @Test
    void aLongNameMayDifferInMore() {
        assertEquals(". Nearest: Java_sun_nio_ch_UnixFileDispatcherImpl_read0",
                of("Java_sun_nio_ch_FileDispatcherImpl_read0", "Java_sun_nio_ch_UnixFileDispatcherImpl_read0"));
    }
}
