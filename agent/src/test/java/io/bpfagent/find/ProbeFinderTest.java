package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtArgument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** In the libraries of the JVM that runs the tests, and a kernel that is a file. */
final class ProbeFinderTest {
    @TempDir
    private Path directory;
    private KernelTracepoints kernel;
    private final Set<String> off = new HashSet<>();

    @BeforeEach
    void makeKernel() throws Exception {
        FakeBtf btf = new FakeBtf();
        btf.tracepoint("block_rq_issue", 1);
        btf.tracepoint("block_rq_complete", 3);
        btf.tracepoint("sys_enter", 2);
        btf.tracepoint("sys_exit", 2);
        btf.tracepoint("sched_switch", 4);
        kernel = new KernelTracepoints(btf.write(directory.resolve("btf")).toString(),
                List.of(directory.resolve("events").toString()));
    }

    private FoundProbe find(String text) throws Exception {
        return new ProbeFinder(new Libraries("/proc/self/maps", ""), kernel, off::contains)
                .look(ProbeSpec.parse("mine", text));
    }

    private void refuses(String text, String begin, String... parts) {
        String message = assertThrows(ProbeException.class, () -> find(text)).getMessage();
        String phrase = begin.split(" \\(", 2)[0];
        assertTrue(message.startsWith(begin), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.endsWith("See TROUBLESHOOTING.md, \"" + phrase + "\"."), message);
        assertTrue(message.length() < 600 && message.lines().count() == 1, message);
    }

    @Test
    void aFunctionHasOneSiteAndSixArguments() throws Exception {
        FoundProbe found = find("uprobe:libc:getaddrinfo arg1>0");
        assertEquals(1, found.begins().size());
        assertEquals(List.of(), found.ends());
        FoundSite site = found.begins().get(0);
        assertEquals("getaddrinfo", site.function());
        assertTrue(site.offset() > 0 && site.semaphore() == 0 && site.file().endsWith("libc.so.6"), site::toString);
        assertEquals(6, site.arguments().size());
        assertEquals(UsdtArgument.ofFunction(0, Registers.own()), site.arguments().get(0));
        assertEquals(site.offset(), find("uprobe:" + site.file() + ":getaddrinfo").begins().get(0).offset());
    }

    @Test
    void aCppFunctionIsFoundByItsNameAndByItsSymbol() throws Exception {
        FoundProbe found = find("uprobe:libjvm:JavaThread::run");
        assertEquals(1, found.begins().size());
        assertEquals("_ZN10JavaThread3runEv", found.begins().get(0).function());
        assertEquals(found.begins(), find("uprobe:libjvm:_ZN10JavaThread3runEv").begins());
        assertTrue(find("uprobe:libjvm:Thread::~Thread slow-site=yes").begins().size() >= 1);
    }

    @Test
    void overloadsAreAllTaken() throws Exception {
        List<FoundSite> found = find("uprobe:libjvm:JavaCalls::call_virtual slow-site=yes").begins();
        assertTrue(found.size() >= 3, found::toString);
        assertEquals(found.size(), found.stream().map(FoundSite::offset).distinct().count());
    }

    @Test
    void anEndIsFoundToo() throws Exception {
        FoundProbe found = find("uprobe:libc:getaddrinfo..freeaddrinfo slow-site=yes");
        assertEquals("freeaddrinfo", found.ends().get(0).function());
    }

    @Test
    void functionsThatAreNotThereAreRefusedWithTheNearest() {
        refuses("uprobe:libc:getadrinfo", "No such function (libc.so.6 has none of the name getadrinfo."
                + " Nearest: getaddrinfo");
        refuses("uprobe:libjvm:JavaThread::rum", "No such function (", "JavaThread::run");
        refuses("uprobe:libc:getaddrinfo..frreaddrinfo slow-site=yes", "No such function (", "Nearest: freeaddrinfo");
        refuses("uprobe:libjmv:f", "No such library (");
        refuses("uprobe:" + directory.resolve("btf") + ":f", "Cannot read a library (");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void whatOnlyChoosesAFunctionIsRefused() {
        refuses("uprobe:libc:strlen", "Cannot probe an indirect function (strlen in libc.so.6");
        refuses("uprobe:libc:memcpy slow-site=yes", "Cannot probe an indirect function (");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void slowOnesAreRefusedUntilTheyAreWanted() throws Exception {
        refuses("uprobe:libc:read", "Cannot probe at low cost (read in libc.so.6 begins with an instruction that must"
                + " be single-stepped: 10 us a call). Add slow-site=yes");
        assertEquals(1, find("uprobe:libc:read slow-site=yes").begins().size());
    }

    @Test
    void tooManyOfOneNameAreRefused() {
        refuses("uprobe:libjvm:(anonymous)::nothing", "No such function (");
        refuses("uprobe:libjvm:GrowableArrayWithAllocator<>::expand_to slow-site=yes", "No such function (");
        refuses("uprobe:libjvm:LogImpl<>::write<> slow-site=yes", "Too many places (");
    }

    @Test
    void aUsdtProbeHasAllItsSites() throws Exception {
        FoundProbe found = find("usdt:libjvm:hotspot:method__compile__begin..method__compile__end arg4>0");
        assertFalse(found.begins().isEmpty());
        assertFalse(found.ends().isEmpty());
        assertEquals("hotspot:method__compile__begin", found.begins().get(0).function());
        assertEquals(8, found.begins().get(0).arguments().size());
    }

    @Test
    void usdtProbesThatAreNotThereAreRefused() {
        refuses("usdt:libjvm:hotspot:gc_begin", "No such USDT probe (the library has no hotspot:gc_begin."
                + " Nearest: hotspot:gc__begin");
        refuses("usdt:libc:no:probe", "No such USDT probe (");
        refuses("usdt:libjvm:hotspot:gc__begin arg2>0", "No such argument (hotspot:gc__begin has 1, arg2)");
        refuses("usdt:libjvm:hotspot:gc__begin value=arg6", "No such argument (");
    }

    @Test
    void aProbeWhoseFlagIsOffIsRefused() throws Exception {
        assertFalse(find("usdt:libjvm:hotspot:monitor__contended__enter").begins().isEmpty());
        off.addAll(Set.of("DTraceMonitorProbes", "DTraceAllocProbes", "DTraceMethodProbes"));
        refuses("usdt:libjvm:hotspot:monitor__contended__enter", "The probe is never hit ("
                + "hotspot:monitor__contended__enter needs -XX:+DTraceMonitorProbes)");
        refuses("usdt:libjvm:hotspot:object__alloc", "The probe is never hit (", "DTraceAllocProbes");
        refuses("usdt:libjvm:hotspot:method__entry..method__return", "The probe is never hit (", "DTraceMethodProbes");
        assertFalse(find("usdt:libjvm:hotspot:gc__begin").begins().isEmpty());
    }

    /** Whatever a file holds: it is found, or refused in one line. */
    @Test
    void aDamagedLibraryIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib", "libjava.so"));
        int sections = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
        Path damaged = directory.resolve("libdamaged.so");
        Path maps = Files.writeString(directory.resolve("maps"), "1-2 r--p 00000000 fe:00 2 " + damaged + "\n");
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                int at = random.nextInt(3) == 0 ? random.nextInt(1_000)
                        : sections + random.nextInt(bytes.length - sections);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            Files.write(damaged, bytes);
            try {
                find("uprobe:" + damaged + ":JNI_OnLoad slow-site=yes");
                find("usdt:" + damaged + ":a:b");
            } catch (ProbeException e) {
                assertEquals(1, e.getMessage().lines().count());
                refused += e.getMessage().startsWith("Cannot read a library") ? 1 : 0;
            }
            Object found = ProbeSearch.search(new Libraries(maps.toString(), ""), kernel, "JNI_OnLoad", 10)
                    .get("found");
            assertTrue((Integer) found <= 1);
        }
        int times = refused;
        assertTrue(times > 10, () -> times + " could not be read");
    }

    @Test
    void tracepointsHaveNoSites() throws Exception {
        FoundProbe found = find("tp:block:block_rq_issue..block_rq_complete arg1>0");
        assertEquals(List.of(), found.begins());
        assertEquals(List.of(), found.ends());
        assertEquals("block_rq_issue", find("tp:*:block_rq_issue").spec().begin());
        assertEquals(0, find("tp:raw_syscalls:sys_enter arg2==0 slow-site=yes").begins().size());
    }

    @Test
    void tracepointsThatAreNotThereAreRefused() throws Exception {
        refuses("tp:block:block_rq_isue", "No such tracepoint (this kernel has no event block_rq_isue."
                + " Nearest: block_rq_issue)");
        refuses("tp:block:block_rq_issue..gone", "No such tracepoint (this kernel has no event gone)");
        refuses("tp:block:block_rq_issue arg2>0", "No such argument (block_rq_issue has 1, arg2)");
        for (String spec : List.of("tp:raw_syscalls:sys_enter arg2==0", "tp:raw_syscalls:sys_exit",
                "tp:*:sys_enter..sys_exit",
                "tp:*:sched_switch..sys_exit", "tp:raw_syscalls:sys_enter slow-site=no")) {
            refuses(spec, "This tracepoint slows the whole machine (", "slow-site=yes");
        }
        refuses("tp:syscalls:sys_enter_read", "System calls by name are no tracepoints (", "tp:raw_syscalls:sys_enter");
        Files.createDirectories(directory.resolve("events/block/block_rq_issue"));
        refuses("tp:sched:block_rq_issue", "No such tracepoint (sched has no event block_rq_issue. Nearest:"
                + " block:block_rq_issue)");
        assertEquals("*", find("tp:*:block_rq_issue").spec().library());
        kernel = new KernelTracepoints("/no/btf", List.of());
        refuses("tp:block:block_rq_issue", "Cannot read the kernel's types (");
    }
}
