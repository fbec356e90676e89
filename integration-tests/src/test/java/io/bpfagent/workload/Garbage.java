package io.bpfagent.workload;

/** What keeps the garbage collector busy. */
final class Garbage {
    private static volatile byte[] sink;

    private Garbage() {}

    /** {@code collect 3000}: a full collection every 20 ms for so many ms, and garbage between them. */
    static void collect(String[] arguments) throws InterruptedException {
        long endNs = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
        while (System.nanoTime() < endNs) {
            System.gc();
            allocateUntil(System.nanoTime() + 5_000_000);
            Thread.sleep(20);
        }
    }

    /** {@code allocate 2000}: the thread "allocator" does nothing else for so many ms. */
    static void allocate(String[] arguments) throws InterruptedException {
        long forNs = Long.parseLong(arguments[0]) * 1_000_000;
        Scenes.start("allocator", () -> allocateUntil(System.nanoTime() + forNs)).join();
    }

    private static void allocateUntil(long endNs) {
        for (int size = 0; System.nanoTime() < endNs; size = (size + 1009) % 20_000) {
            sink = new byte[size];
        }
    }
}
