package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of the kernel; that it does so, ContextTimesIT sees. */
class StayingMemoryTest {
    private static final int FD = 5;
    /** More than any other test's: the range is the JVM's. */
    private static final long BYTES = 1L << 40;

    private final List<String> calls = new ArrayList<>();
    private final LibC libC = (LibC) Proxy.newProxyInstance(LibC.class.getClassLoader(), new Class<?>[] {LibC.class},
            (proxy, method, arguments) -> answer(method, arguments));
    private long next = 1000;
    private String failing = "";

    private Object answer(Method method, Object[] arguments) {
        boolean isFixed = method.getName().equals("mmap") && ((int) arguments[3] & LibC.MAP_FIXED) != 0;
        String call = method.getName() + (isFixed ? " fixed " + arguments[0] + " fd " + arguments[4] : "");
        if (method.getName().equals("mremap")) {
            call += " " + arguments[0] + " to " + arguments[4];
        }
        if (method.getName().equals("munmap")) {
            calls.add(call + " " + arguments[0]);
            return 0;
        }
        boolean fails = call.equals(failing) || method.getName().equals(failing);
        calls.add(fails ? call + " fails" : call);
        if (fails) {
            return LibC.MAP_FAILED;
        }
        return isFixed ? arguments[0] : method.getName().equals("mremap") ? arguments[4] : (Object) next++;
    }

    /** The calls since the last time. */
    private List<String> taken() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    @Test
    void theRangeIsNeverEmpty() {
        long size = BYTES;
        assertEquals(1000, StayingMemory.map(libC, FD, size));
        StayingMemory.leave(libC);
        assertEquals(List.of("mmap", "mmap fixed 1000 fd -1"), taken());

        assertEquals(1000, StayingMemory.map(libC, FD, size));
        assertEquals(List.of("mmap", "mremap 1001 to 1000"), taken());
        StayingMemory.leave(libC);
        taken();

        // A smaller one is put at its begin.
        assertEquals(1000, StayingMemory.map(libC, FD, size / 2));
        assertEquals(List.of("mmap", "mremap 1002 to 1000"), taken());
        StayingMemory.leave(libC);
        taken();

        failing = "mmap";
        assertEquals(LibC.MAP_FAILED, StayingMemory.map(libC, FD, size));
        assertEquals(List.of("mmap fails"), taken());

        failing = "mremap";
        assertEquals(LibC.MAP_FAILED, StayingMemory.map(libC, FD, size));
        assertEquals(List.of("mmap", "mremap 1003 to 1000 fails", "mmap fixed 1000 fd -1", "munmap 1003"), taken());

        failing = "mmap fixed 1000 fd -1";
        StayingMemory.leave(libC);
        assertEquals(3, taken().size());
    }
}
