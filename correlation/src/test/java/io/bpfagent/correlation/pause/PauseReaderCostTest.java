package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ring.FakeRing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the reader costs a host that has no pauses, or none just now. */
class PauseReaderCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A host with its reader, in a class loader of its own. */
    public static final class Host implements Runnable {
        private final FakeKernel kernel = new FakeKernel(16, 32);
        private final Ledger ledger = kernel.ledger(new FakeIdentities());
        private final FakeThread vm = kernel.start("VM Thread", ThreadState.RUNNING);
        private final PauseReader reader;

        public Host() {
            this(new FakeRing(1 << 18));
        }

        Host(FakeRing ring) {
            kernel.pauses.ring = ring;
            reader = new PauseReader(ring, kernel.memory(), ledger, () -> kernel.nowNs, () -> 0);
        }

        @Override
        public void run() {
            assertFalse(reader.look());
            reader.addTo(ledger.read());
            assertFalse(reader.look());
            assertFalse(kernel.pauses.ring.isMapped());
        }
    }

    /** Defines the classes of this project itself, and notes them. */
    private static final class NotingLoader extends ClassLoader {
        final Set<String> loaded = new TreeSet<>();

        NotingLoader() {
            super(PauseReaderCostTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null || !name.startsWith("io.bpfagent.correlation.")) {
                    return known != null ? known : super.loadClass(name, resolve);
                }
                try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    loaded.add(name);
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
    }

    @Test
    void isOneClassBeforeTheFirstPause() throws ReflectiveOperationException {
        NotingLoader loader = new NotingLoader();
        ((Runnable) loader.loadClass(Host.class.getName()).getConstructor().newInstance()).run();
        loader.loaded.removeIf(name -> !name.startsWith(PauseReader.class.getPackageName())
                || name.startsWith(PauseReaderCostTest.class.getName()));
        assertEquals(Set.of(PauseReader.class.getName()), loader.loaded);
    }

    @Test
    void isNoGarbageBeforeTheFirstPause() {
        Host host = new Host();
        assertEquals(0, allocatedByLooks(host));
    }

    @Test
    void isNoGarbageBetweenPauses() {
        Host host = new Host();
        host.kernel.pauses.begins(host.vm);
        host.kernel.pauses.ends(host.vm);
        host.kernel.pass(100_000_000);
        assertTrue(host.reader.look());
        assertEquals(1, host.reader.addTo(host.ledger.read()).pauses().size());
        assertEquals(0, allocatedByLooks(host));
    }

    /** Of each record, that is: a pause itself is an object. */
    @Test
    void isNoGarbageForARecord() {
        Host host = new Host();
        pause(host);
        host.kernel.pauses.begins(host.vm);
        putRecords(host, 1_000);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        host.reader.look();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1_000, "there has been room for as many: " + allocated);
    }

    /** They would take more room than what is found in them. */
    @Test
    void isNoRecordOfAPauseOfMany() throws ReflectiveOperationException {
        Host host = new Host();
        assertEquals(0, keptRecords(listed(host, 150)), "300 records");
        Pause small = listed(host, 60);
        assertEquals(121, keptRecords(small), "and one of the CPU after it");
        small.parts();
        assertEquals(0, keptRecords(small));
    }

    private static int keptRecords(Pause pause) throws ReflectiveOperationException {
        Field source = PauseDetail.class.getDeclaredField("source");
        source.setAccessible(true);
        return source.get(pause.detail()) instanceof PauseFinisher.Asked asked ? asked.window().records().to() : 0;
    }

    private static Pause listed(Host host, int runs) {
        host.kernel.pauses.begins(host.vm);
        putRecords(host, runs);
        host.kernel.pass(1_000);
        host.kernel.pauses.ends(host.vm);
        host.kernel.pass(1_000);
        host.kernel.change(host.vm, ThreadState.BLOCKED_FUTEX);
        host.kernel.change(host.vm, ThreadState.RUNNING);
        host.kernel.pass(100_000_000);
        host.reader.look();
        List<Pause> pauses = host.reader.addTo(host.ledger.read()).pauses();
        return pauses.get(pauses.size() - 1);
    }

    private static void pause(Host host) {
        host.kernel.pauses.begins(host.vm);
        putRecords(host, 1_000);
        host.kernel.pauses.ends(host.vm);
        host.kernel.pass(100_000_000);
        assertEquals(1, host.reader.addTo(host.ledger.read()).pauses().size());
        assertFalse(host.reader.look());
    }

    private static void putRecords(Host host, int runs) {
        for (int i = 0; i < runs; i++) {
            host.kernel.pass(1_000);
            host.kernel.change(host.vm, ThreadState.BLOCKED_FUTEX);
            host.kernel.change(host.vm, ThreadState.RUNNING);
        }
    }

    /** Scratch for so many records and room for them: it is given back. */
    @Test
    void isLittleAgainAfterACrowdedPause() throws IllegalAccessException {
        Host host = new Host(new FakeRing(4 << 20));
        host.kernel.pauses.begins(host.vm);
        host.kernel.pauses.reached(0, true);
        for (int i = 0; i < 30; i++) {
            putRecords(host, 1_000);
        }
        host.reader.look();
        long during = arrayBytes(host.reader);
        assertTrue(during > 60_000 * 36, "the records: " + during);
        host.kernel.pauses.ends(host.vm);
        host.kernel.pass(100_000_000);
        assertFalse(host.reader.addTo(host.ledger.read()).pauses().get(0).incomplete());
        for (int i = 0; i < 3_000; i++) {
            host.reader.look();
        }
        long after = arrayBytes(host.reader);
        assertTrue(after < 50_000, "as before the first: " + after);
    }

    /** Of the arrays of numbers that are this package's. */
    private static long arrayBytes(PauseReader reader) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Object> open = new ArrayDeque<>(List.of(reader));
        long bytes = 0;
        while (!open.isEmpty()) {
            Object object = open.remove();
            Class<?> of = object.getClass();
            if (!seen.add(object)) {
                continue;
            }
            if (of.isArray() && of.getComponentType().isPrimitive()) {
                bytes += Array.getLength(object) * (of == long[].class ? 8L : of == int[].class ? 4L : 1L);
            } else if (of.getPackageName().equals(PauseReader.class.getPackageName())) {
                addFields(object, of, open);
            }
        }
        return bytes;
    }

    private static void addFields(Object object, Class<?> of, ArrayDeque<Object> to) throws IllegalAccessException {
        for (Field field : of.getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(object);
            if (value != null && !field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
                to.add(value);
            }
        }
        if (of.getSuperclass() != Object.class && of.getSuperclass() != Record.class) {
            addFields(object, of.getSuperclass(), to);
        }
    }

    /** The least of some tries: the JVM's own linking of a call is no cost of a look. */
    private static long allocatedByLooks(Host host) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int k = 0; k < 100; k++) {
                host.reader.look();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
