package io.bpfagent.otlp;

/** Makes threads that are no burden to the host. */
final class Threads {
    private Threads() {
    }

    /** A daemon in the outermost group, without a class loader or a thread's locals of whoever made it. */
    static Thread daemon(Runnable task, String name) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread thread = new Thread(group, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.setUncaughtExceptionHandler((dead, e) -> { });
        return thread;
    }
}
