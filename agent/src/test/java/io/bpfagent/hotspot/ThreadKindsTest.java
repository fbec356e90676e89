package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.correlation.ThreadKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThreadKindsTest {
    @ParameterizedTest
    @CsvSource({
        "GC Thread#11, GC", "G1 Main Marker, GC", "G1 Conc#0, GC", "ZDriverMajor, GC", "ZWorkerYoung#0, GC",
        "XWorker#1, GC", "Shenandoah GC T, GC", "C1 CompilerThre, COMPILER", "C2 CompilerThre, COMPILER",
        "VM Thread, VM", "VM Periodic Tas, VM", "Monitor Deflati, VM", "Sweeper thread, VM", "java, OTHER",
        "grpc-poll, OTHER", "JFR Sampler, VM",
    })
    void ofNativeThreads(String comm, ThreadKind kind) {
        assertEquals(kind, ThreadKinds.ofNative(comm));
    }

    @Test
    void anApplicationsThreadIsNotTheJvms() {
        assertEquals(ThreadKind.JAVA, ThreadKinds.ofJava(new Thread(), "C2 CompilerThread0", false));
        assertEquals(ThreadKind.JAVA, ThreadKinds.ofStarted("GC Thread watcher"));
        assertEquals(ThreadKind.JAVA, ThreadKinds.ofJava(new Thread(), "Reference Handler", true));
        assertEquals(ThreadKind.VM, ThreadKinds.ofJava(new Thread(), "Service Thread", true));
    }
}
