package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tables that fill up, each test with classes of its own: what stands in them stands there for good. */
class LimitsTest {
    private final Loader loader = new Loader();
    private final Class<?> runtime = loader.loaded("ContextRuntime");

    /** Of this package's classes, anew. */
    private static final class Loader extends ClassLoader {
        private static final Set<String> UNSAFE = Set.of(NativeMemory.class.getName(), ThreadIds.class.getName());

        Loader() {
            super(LimitsTest.class.getClassLoader());
        }

        Class<?> loaded(String name) {
            try {
                return loadClass("io.bpfagent.boot." + name);
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.bpfagent.boot.Context") && !UNSAFE.contains(name)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private final Map<String, Method> methods = new HashMap<>();

    private Object call(String name, Object... arguments) {
        if (methods.isEmpty()) {
            for (Method method : runtime.getMethods()) {
                methods.put(method.getName(), method);
            }
        }
        try {
            return methods.get(name).invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(name, e);
        }
    }

    private int context(String name) {
        return (Integer) call("context", 1, name);
    }

    private Memory install() {
        Memory memory = new Memory();
        call("install", memory.slots, memory, 0L);
        return memory;
    }

    @Test
    void whateverStandsInTheMemoryNothingThrows() {
        Memory memory = install();
        int outer = context("outer");
        int inner = context("inner");
        for (int seed = 0; seed < 200; seed++) {
            memory.scramble(seed);
            for (int i = 0; i < 50; i++) {
                Object before = call("enter", i % 2 == 0 ? outer : inner);
                call("current");
                call("leave", before);
            }
        }
    }

    @Test
    void eachKindHasItsShareOfNamesAndAnOtherOfItsOwn() {
        Set<Object> numbers = new HashSet<>();
        int[] shares = {500, 300, 150, 50};
        for (int kind = 1; kind <= shares.length; kind++) {
            for (int i = 0; i < shares[kind - 1]; i++) {
                numbers.add(call("context", kind, "name " + i));
            }
        }
        assertEquals(1_000, numbers.size());
        assertEquals(0L, call("namesOverLimit"));
        Object other = context("one too many");
        assertEquals(other, context("another"));
        assertEquals(2L, call("namesOverLimit"));
        assertEquals("other", call("name", other));
        assertEquals(1, call("kind", other));
        Object statement = call("context", 3, "one too many");
        assertEquals(3, call("kind", statement));
        // Polls, tasks and what the host names itself share one.
        assertEquals(6, call("kind", call("context", 6, "one too many")));
        assertTrue((Integer) call("contexts") <= 1024);
        assertTrue(numbers.contains(context("name 499")));
        assertTrue(!numbers.contains(other) && !numbers.contains(statement));
        assertEquals("other", call("name", 1));
    }

    @Test
    void whatIsTooDeepOrTooMuchStaysInTheNodeAroundIt() {
        install();
        int[] contexts = new int[40];
        for (int i = 0; i < contexts.length; i++) {
            contexts[i] = context("deep " + i);
        }
        Set<Object> nodes = new HashSet<>();
        for (int context : contexts) {
            call("enter", context);
            nodes.add(call("current"));
        }
        assertEquals(32, nodes.size());
        assertEquals(8L, call("nodesOverLimit"));
        call("leave", 0L);
        for (int outer : contexts) {
            for (int middle : contexts) {
                for (int inner : contexts) {
                    call("leave", 0L);
                    call("enter", outer);
                    call("enter", middle);
                    call("enter", inner);
                }
            }
        }
        assertEquals(2048, call("nodes"));
        assertTrue((Long) call("nodesOverLimit") > 8);
        call("leave", 0L);
        assertEquals(0L, call("current"));
    }

    @Test
    void threadsThatComeAtOnceGetTheSameNumbers() throws InterruptedException {
        install();
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        int[][] found = new int[4][300];
        Thread[] threads = new Thread[found.length];
        for (int t = 0; t < threads.length; t++) {
            int[] mine = found[t];
            threads[t] = new Thread(() -> {
                try {
                    go.await();
                    for (int i = 0; i < mine.length; i++) {
                        mine[i] = context("shared " + i);
                        Object before = call("enter", mine[i]);
                        mine[i] = mine[i] << 16 | (int) (long) (Long) call("current");
                        call("leave", before);
                    }
                } catch (Throwable e) {
                    failed.set(e);
                }
            });
            threads[t].start();
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(null, failed.get());
        for (int[] others : found) {
            for (int i = 0; i < others.length; i++) {
                assertEquals(found[0][i], others[i]);
            }
        }
    }
}
