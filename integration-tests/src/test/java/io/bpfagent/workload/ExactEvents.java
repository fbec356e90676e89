package io.bpfagent.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/** What HotSpot's probes tell of, an exactly known number of times, and each of a length that no other one has. */
final class ExactEvents {
    private static final long LONG_MS = 50;
    private static final int BIG_BYTES = 3 << 20;

    private static volatile Object sink;

    private ExactEvents() {}

    /** A class whose initializer takes 50 ms; loaded anew as often as it is needed. */
    static final class Slow {
        static {
            // All in here: it must not call for another class of ours.
            long endNs = System.nanoTime() + LONG_MS * 1_000_000;
            while (System.nanoTime() < endNs) {
                Thread.onSpinWait();
            }
        }

        private Slow() {}
    }

    /** {@code class-inits 23}: so many classes are initialized in 50 ms each. */
    static void classInits(String[] arguments) throws ReflectiveOperationException {
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            Class.forName(Slow.class.getName(), true, new OwnClasses());
        }
    }

    /** Defines {@link Slow} itself and leaves all else to its parent. */
    private static final class OwnClasses extends ClassLoader {
        OwnClasses() {
            super(ExactEvents.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Slow.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** {@code parks 23}: the thread "event parker" parks so many times for 50 ms. */
    static void parks(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("event parker", () -> {
            for (int i = 0; i < times; i++) {
                LockSupport.parkNanos(LONG_MS * 1_000_000);
            }
        }).join();
    }

    /**
     * {@code park-flood}: from now on the thread "park flooder" parks as often as it can, with some microseconds of
     * work in between. It never waits: the permit is there already.
     */
    static void parkFlood(String[] arguments) {
        Scenes.start("park flooder", () -> {
            double value = 1;
            while (true) {
                for (int i = 0; i < 500; i++) {
                    value = Math.sqrt(value + i);
                }
                sink = value < 0 ? value : null;
                LockSupport.unpark(Thread.currentThread());
                LockSupport.park();
            }
        });
    }

    /** {@code contended 23}: the thread "event contender" finds a monitor taken so many times, for 50 ms each. */
    static void contended(String[] arguments) throws InterruptedException {
        Object monitor = new Object();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            Thread contender;
            synchronized (monitor) {
                contender = Scenes.start("event contender", () -> {
                    synchronized (monitor) {
                        sink = monitor;
                    }
                });
                while (contender.getState() != Thread.State.BLOCKED) {
                    Thread.sleep(1);
                }
                Thread.sleep(LONG_MS);
            }
            contender.join();
        }
    }

    /** {@code big-arrays 23}: so many arrays of a little more than 3 MB. */
    static void bigArrays(String[] arguments) {
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            sink = new byte[BIG_BYTES];
        }
    }
}
