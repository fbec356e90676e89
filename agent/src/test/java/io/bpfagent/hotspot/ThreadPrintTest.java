package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.LiveThread;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ThreadPrintTest {
    private static final String JDK_17 = """
            "main" #1 prio=5 os_prio=0 cpu=20.22ms elapsed=1.02s tid=0x00007f3c84014200 nid=0x1b27 waiting on condition
               java.lang.Thread.State: TIMED_WAITING (sleeping)

            "a "quoted" name" #12 daemon prio=5 os_prio=0 cpu=0.1ms elapsed=1s \
            tid=0x00007f3c84014201 nid=0x1b28 runnable
            "C2 CompilerThread0" #7 daemon prio=9 os_prio=0 cpu=3.5ms elapsed=1.01s \
            tid=0x00007f3c84014202 nid=0x1b29 waiting
            "GC Thread#0" os_prio=0 cpu=0.33ms elapsed=1.03s tid=0x00007f3c84014203 nid=0x1b2a runnable
            """;
    private static final String JDK_25 = """
            "main" #3 [6951] prio=5 os_prio=0 cpu=27.04ms elapsed=1.03s tid=0x00007f4 nid=6951 waiting on condition
            "Signal Dispatcher" #14 [6952] daemon prio=9 os_prio=0 cpu=0.1ms elapsed=1s tid=0x00007f5 nid=6952 waiting
            "VM Thread" os_prio=0 cpu=1.49ms elapsed=1.02s tid=0x00007f6 nid=6953 runnable
            """;

    @Test
    void readsWhat17Prints() {
        assertEquals(Map.of(
                0x1b27, new ThreadIdentity(1, "main", ThreadKind.JAVA),
                0x1b28, new ThreadIdentity(12, "a \"quoted\" name", ThreadKind.JAVA),
                0x1b29, new ThreadIdentity(7, "C2 CompilerThread0", ThreadKind.COMPILER),
                0x1b2a, new ThreadIdentity(0, "GC Thread#0", ThreadKind.GC)), ThreadPrint.parse(JDK_17));
    }

    @Test
    void readsWhat25Prints() {
        assertEquals(Map.of(
                6951, new ThreadIdentity(3, "main", ThreadKind.JAVA),
                6952, new ThreadIdentity(14, "Signal Dispatcher", ThreadKind.JAVA),
                6953, new ThreadIdentity(0, "VM Thread", ThreadKind.VM)), ThreadPrint.parse(JDK_25));
    }

    @Test
    void findsThisThreadInThisJvm() throws Exception {
        ThreadIdentity identity = ThreadPrint.read().get(ownTid());
        assertEquals(Thread.currentThread().getName(), identity.name());
        assertEquals(Thread.currentThread().getId(), identity.javaId());
    }

    @Test
    void standsInWhereTidsCannotBeRead() throws Exception {
        ThreadIdentities identities = new ThreadIdentities(null, true);
        LiveThread own = new LiveThread(ownTid(), 0, "java", null, null);
        // does not exist, so that Thread.print cannot know it
        LiveThread stranger = new LiveThread(4_000_001, 0, "stranger", null, null);
        Map<Integer, ThreadIdentity> answers = identities.identify(List.of(own, stranger));
        assertEquals(Thread.currentThread().getName(), answers.get(own.tid()).name());
        assertEquals(new ThreadIdentity(0, "stranger", ThreadKind.OTHER), answers.get(stranger.tid()));
    }

    @Test
    void isAskedOnceInTenSecondsAtMost() throws Exception {
        ThreadIdentities identities = new ThreadIdentities(null, true);
        LiveThread first = new LiveThread(4_000_001, 0, "first", null, null);
        LiveThread own = new LiveThread(ownTid(), 0, "java", null, null);
        assertEquals(1, identities.identify(List.of(first)).size());
        assertTrue(identities.identify(List.of(own)).isEmpty(), "left for the next Thread.print");
    }

    private static int ownTid() throws Exception {
        return Integer.parseInt(Path.of("/proc/thread-self").toRealPath().getFileName().toString());
    }
}
