package io.bpfagent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeAgent;
import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.DoctorDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each condition, on a machine made of files. */
class DoctorTest {

    private static final String BOTH = "CapEff:\t000000c000000000\nSeccomp:\t0\n";
    private static final Map<String, String> TRIED = Map.of("libbpf", "1.4");

    @TempDir
    Path directory;
    private FakeMachine machine;
    private String release = "6.18.0";
    private String processor = "amd64";
    private Map<String, String> tried = TRIED;
    private int usdtProbes = 42;

    /** A machine where all is well. */
    @BeforeEach
    void makeMachine() throws IOException {
        machine = new FakeMachine(directory);
        file("sys/kernel/btf/vmlinux", "btf");
        file("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        file("proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
        for (String process : List.of("self", "4711")) {
            append("proc/" + process + "/status", BOTH);
            file("proc/" + process + "/ns/x", "");
            Files.createSymbolicLink(directory.resolve("proc/" + process + "/ns/user"), Path.of("user:[4026531837]"));
        }
        Files.createDirectories(directory.resolve("proc/4711/root/tmp"));
        file("proc/4711/root/sys/kernel/btf/vmlinux", "btf");
        file("proc/4711/root/jdk/release", "JAVA_VERSION=\"21.0.4\"\nMODULES=\"java.base java.instrument\"\n");
        file("proc/4711/limits", "Max locked memory         8388608              8388608              bytes\n");
        mounts("rw,nosuid");
    }

    private void file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void append(String name, String text) throws IOException {
        file(name, Files.readString(directory.resolve(name)) + text);
    }

    /** What /tmp is mounted with. */
    private void mounts(String options) throws IOException {
        file("proc/4711/mountinfo", "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
            + "23 22 0:21 / /tmp " + options + " shared:3 - tmpfs tmpfs rw,size=16384k\n");
    }

    private Doctor doctor() {
        return new Doctor(machine.proc(), release, processor, true, load -> tried,
            (process, pattern, limit) -> Map.of("probes", List.of(), "found", usdtProbes, "remarks", List.of()));
    }

    private Finding find(Condition condition) {
        return doctor().examine(FakeMachine.PID).stream().filter(finding -> finding.condition() == condition)
            .findFirst().orElseThrow();
    }

    private void assertFinds(Verdict verdict, Condition condition, String value) {
        Finding finding = find(condition);
        assertEquals(verdict, finding.verdict(), finding::toString);
        assertTrue(finding.value().contains(value), finding::toString);
        assertEquals(verdict == Verdict.OK, finding.heading() == null, finding::toString);
        Boolean works = works();
        if (verdict == Verdict.FAILED) {
            assertEquals(false, works);
        } else if (verdict == Verdict.UNKNOWN) {
            assertNull(works);
        } else {
            assertEquals(true, works, () -> doctor().examine(FakeMachine.PID).toString());
        }
    }

    private Boolean works() {
        return DoctorDocument.of(FakeMachine.PID, "app.jar", doctor().examine(FakeMachine.PID)).works();
    }

    @Test
    void whereAllIsWellAttachingWorks() {
        List<Finding> findings = doctor().examine(FakeMachine.PID);
        assertEquals(List.of(Condition.values()), findings.stream().map(Finding::condition).toList());
        findings.forEach(finding -> assertEquals(Verdict.OK, finding.verdict(), finding::toString));
        assertEquals(true, works());
        assertFinds(Verdict.OK, Condition.DYNAMIC_LOADING, "not given: the JVM prints a warning of its own");
        assertFinds(Verdict.OK, Condition.LOCKED_MEMORY, "8 MiB");
    }

    @Test
    void theMachine() throws IOException {
        release = "5.14.21";
        assertFinds(Verdict.FAILED, Condition.KERNEL, "5.14.21");
        release = "5.15.0-91-generic";
        assertFinds(Verdict.WARNING, Condition.KERNEL, "CAP_SYS_ADMIN");
        release = "unknown";
        processor = "riscv64";
        assertFinds(Verdict.FAILED, Condition.PROCESSOR, "riscv64");
        processor = "aarch64";
        file("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        assertFinds(Verdict.FAILED, Condition.LOCKDOWN, "confidentiality");
        file("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        assertFinds(Verdict.OK, Condition.LOCKDOWN, "integrity");
        Files.delete(directory.resolve("sys/kernel/btf/vmlinux"));
        assertFinds(Verdict.FAILED, Condition.BTF, "missing");
    }

    @Test
    void whoCallsIt() throws IOException {
        tried = Map.of("error", "Cannot load the native libraries: /tmp does not allow execution. Set tmpdir=. See"
            + " TROUBLESHOOTING.md, \"Cannot load the native libraries\".");
        Finding libraries = find(Condition.LIBBPF);
        assertEquals("Cannot load the native libraries", libraries.heading());
        assertEquals("/tmp does not allow execution. Set tmpdir=.", libraries.value());
        tried = Map.of("libbpf", "1.4", "error", "Cannot load BPF programs (thread_state): EPERM. Ask somebody.");
        assertFinds(Verdict.FAILED, Condition.PROGRAMS, "(thread_state): EPERM. Ask somebody.");
        assertEquals("Cannot load BPF programs", find(Condition.PROGRAMS).heading());
        tried = TRIED;
        machine.edit("self", "status", "c000000000", "0000000000");
        assertFinds(Verdict.OK, Condition.PROGRAMS, "not tried");
        assertNull(DoctorDocument.of(null, null, doctor().examine()).works());
    }

    @Test
    void theJvmsPrivileges() throws IOException {
        release = "6.0.0"; // before it, nothing can be handed over
        machine.edit("4711", "status", "c000000000", "4000000000");
        assertFinds(Verdict.FAILED, Condition.CAPABILITIES, "CAP_BPF missing (CapEff=4000000000)");
        machine.edit("4711", "status", "4000000000", "c000000000");
        Path namespace = directory.resolve("proc/4711/ns/user");
        Files.delete(namespace);
        Files.createSymbolicLink(namespace, Path.of("user:[4026532000]"));
        assertFinds(Verdict.FAILED, Condition.CAPABILITIES, "in a user namespace");
        assertFinds(Verdict.FAILED, Condition.CAPABILITIES, "CapEff=c000000000");
        Files.delete(namespace);
        Files.createSymbolicLink(namespace, Path.of("user:[4026531837]"));
        machine.edit("4711", "status", "Seccomp:\t0", "Seccomp:\t2");
        assertFinds(Verdict.UNKNOWN, Condition.SECCOMP, "filtered");
        assertFinds(Verdict.UNKNOWN, Condition.SECCOMP, "filtered: only");
        release = "6.1.0";
        machine.edit("4711", "status", "c000000000", "0000000000");
        machine.process("self", 0, 0, "attach-cli", "");
        append("proc/self/status", BOTH);
        assertFinds(Verdict.OK, Condition.CAPABILITIES, "missing (CapEff=0): you hand it the programs");
        assertFinds(Verdict.OK, Condition.SECCOMP, "filtered");
        release = "6.0.0";
        assertFinds(Verdict.FAILED, Condition.CAPABILITIES, "missing (CapEff=0)");
        machine.process("self", 1001, 1001, "attach-cli", "");
        machine.process("4711", 1000, 1000, "java\0", "/jdk/lib/server/libjvm.so");
        assertFinds(Verdict.FAILED, Condition.USER, "you are uid 1001");
    }

    @Test
    void theJvmsFlagsAndState() throws IOException {
        machine.edit("4711", "cmdline", "-jar", "-XX:+DisableAttachMechanism\0-XX:-EnableDynamicAgentLoading\0-jar");
        assertFinds(Verdict.FAILED, Condition.DISABLE_ATTACH, "on");
        assertFinds(Verdict.FAILED, Condition.DYNAMIC_LOADING, "off");
        machine.edit("4711", "cmdline", "-XX:+DisableAttachMechanism\0-XX:-", "-XX:+");
        assertFinds(Verdict.OK, Condition.DYNAMIC_LOADING, "on");
        machine.edit("4711", "status", "S (sleeping)", "T (stopped)");
        assertFinds(Verdict.FAILED, Condition.STATE, "stopped");
        machine.edit("4711", "status", "T (stopped)", "S (sleeping)");
        machine.edit("4711", "status", "SigCgt:\t0000000000000004", "SigCgt:\t0000000000000000");
        assertFinds(Verdict.FAILED, Condition.SIGQUIT, "not handled");
        machine.edit("4711", "status", "SigCgt:\t0000000000000000", "SigCgt:\t0000000000000004");
        file("proc/4711/root/jdk/release", "JAVA_VERSION=\"17.0.1\"\nMODULES=\"java.base\"\n");
        assertFinds(Verdict.FAILED, Condition.INSTRUMENT, "not in its image");
        Files.delete(directory.resolve("proc/4711/root/jdk/release"));
        assertFinds(Verdict.OK, Condition.INSTRUMENT, "does not say");
        usdtProbes = 0;
        assertFinds(Verdict.WARNING, Condition.USDT, "none in its libjvm");
    }

    @Test
    void theJvmsRoom() throws IOException {
        mounts("rw,noexec");
        assertFinds(Verdict.FAILED, Condition.TMPDIR, "/tmp, mounted noexec");
        machine.edit("4711", "cmdline", "-jar", "-Djava.io.tmpdir=/var/own\0-jar");
        Files.createDirectories(directory.resolve("proc/4711/root/var/own"));
        assertFinds(Verdict.OK, Condition.TMPDIR, "/var/own, ");
        mounts("ro");
        assertFinds(Verdict.FAILED, Condition.TMP, "read-only");
        mounts("rw");
        Files.delete(directory.resolve("proc/4711/root/sys/kernel/btf/vmlinux"));
        assertFinds(Verdict.FAILED, Condition.JVM_BTF, "missing");
    }

    @Test
    void theAgentThatIsThere() throws IOException {
        Path tmp = directory.resolve("proc/4711/root/tmp");
        try (FakeAgent agent = new FakeAgent(tmp, request -> GoldenFiles.read("status.json"))) {
            assertFinds(Verdict.OK, Condition.AGENT, "there already, on");
        }
        try (FakeAgent agent = new FakeAgent(tmp, request -> GoldenFiles.read("status-failed.json"))) {
            assertFinds(Verdict.FAILED, Condition.AGENT, "failed: Cannot load");
        }
    }

    @Test
    void whatIsNoJvmIsLookedAtNoFurther() {
        List<Finding> none = doctor().examine(4712);
        assertEquals("Cannot attach: there is no process", none.get(none.size() - 1).heading());
        List<Finding> sleep = doctor().examine(4720);
        assertEquals("sleep has no libjvm", sleep.get(sleep.size() - 2).value());
        assertEquals(Condition.USER, sleep.get(sleep.size() - 1).condition());
        machine.edit("4711", "status", "Tgid:\t4711", "Tgid:\t4700");
        assertFinds(Verdict.FAILED, Condition.PROCESS, "4711 is a thread of 4700.");
    }
}
