package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelRequirementsTest {
    private static final long SYS_ADMIN = 1L << 21;
    private static final long PERFMON = 1L << 38;
    private static final long BPF = 1L << 39;

    @TempDir
    private Path directory;

    private Optional<Path> btf() throws Exception {
        return Optional.of(Files.write(directory.resolve("btf"), new byte[8]));
    }

    private static String refusal(KernelRequirements requirements, Optional<Path> btf) {
        return assertThrows(KernelException.class, () -> requirements.check(btf)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.15.0", "5.15.0-91-generic", "5.15", "5.15-rc1", "6.1.0-18-amd64", "10.0", "6.18.44+",
            "5.100.1", "", "unknown"})
    void takesNewEnoughKernelsAndThoseItCannotRead(String release) throws Exception {
        KernelRequirements requirements = new KernelRequirements(release, -1);
        assertTrue(requirements.atLeast(5, 15));
        Optional<Path> btf = btf();
        assertDoesNotThrow(() -> requirements.check(btf));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.14.21", "5.4.0-150-generic", "4.19.0", "3.10.0-1160.el7.x86_64", "2.6.32"})
    void refusesOldKernels(String release) throws Exception {
        assertEquals("Kernel too old (" + release + "). bpf-agent needs Linux 5.15 or later."
                + " See TROUBLESHOOTING.md, \"Kernel too old\".", refusal(new KernelRequirements(release, -1), btf()));
    }

    @ParameterizedTest
    @CsvSource({"5.18.0, true", "5.17.9, false", "6.0, true", "4.20, false"})
    void comparesVersionsAsNumbers(String release, boolean atLeast518) {
        assertEquals(atLeast518, new KernelRequirements(release, 0).atLeast(5, 18));
    }

    @Test
    void capabilitiesOfAUserNamespaceDoNotCount() throws Exception {
        assertEquals("Cannot load BPF programs: CAP_BPF and CAP_PERFMON outside of its user namespace missing"
                + " (CapEff=ffffffffffffffff). Run the JVM as root"
                + " or with the ambient capabilities CAP_BPF and CAP_PERFMON."
                + " See TROUBLESHOOTING.md, \"Cannot load BPF programs\".",
                refusal(new KernelRequirements("6.18.0", -1, true), btf()));
    }

    @Test
    void namesTheCapabilitiesThatAreMissing() throws Exception {
        assertEquals("Cannot load BPF programs: CAP_BPF and CAP_PERFMON missing (CapEff=0). Run the JVM as root"
                + " or with the ambient capabilities CAP_BPF and CAP_PERFMON."
                + " See TROUBLESHOOTING.md, \"Cannot load BPF programs\".",
                refusal(new KernelRequirements("6.1", 0), btf()));
        assertTrue(refusal(new KernelRequirements("6.1", BPF), btf())
                .startsWith("Cannot load BPF programs: CAP_PERFMON missing (CapEff=8000000000)."));
        assertTrue(refusal(new KernelRequirements("6.1", PERFMON), btf())
                .startsWith("Cannot load BPF programs: CAP_BPF missing (CapEff=4000000000)."));
    }

    @Test
    void bothCapabilitiesOrSysAdminWillDo() throws Exception {
        Optional<Path> btf = btf();
        assertDoesNotThrow(() -> new KernelRequirements("6.1", BPF | PERFMON).check(btf));
        assertDoesNotThrow(() -> new KernelRequirements("6.1", SYS_ADMIN).check(btf));
    }

    @Test
    void refusesTypesThatCannotBeRead() {
        Path nowhere = directory.resolve("none");
        assertEquals("No kernel BTF (" + nowhere + " cannot be read). Leave btf= out, or name the kernel's own BTF"
                + " file. See TROUBLESHOOTING.md, \"No kernel BTF\".",
                refusal(new KernelRequirements("6.1", -1), Optional.of(nowhere)));
        assertTrue(refusal(new KernelRequirements("6.1", -1), Optional.of(directory)).startsWith("No kernel BTF ("));
    }

    /** The programs are attached to what the kernel's types name so; without them loading fails. */
    @Test
    void knowsWhatThisKernelTellsOfItsMemory() throws Exception {
        Path types = Path.of("/sys/kernel/btf/vmlinux");
        assumeTrue(Files.isReadable(types), "no kernel BTF");
        String names = Files.readString(types, StandardCharsets.ISO_8859_1);
        KernelRequirements current = KernelRequirements.current();
        assertEquals(names.contains("btf_trace_mm_vmscan_memcg_reclaim_begin"), current.hasMemoryCgroups());
        assertEquals(names.contains("btf_trace_mm_compaction_begin"), current.hasCompaction());
    }

    @Test
    void readsThisProcess() {
        KernelRequirements current = KernelRequirements.current();
        assertEquals(System.getProperty("os.version"), current.release());
        assertTrue(current.atLeast(2, 6));
        assertFalse(current.atLeast(1000, 0));
    }
}
