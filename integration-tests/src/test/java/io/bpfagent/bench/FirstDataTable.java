package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;

/** {@link FirstData}, again and again, of idle and of busy JVMs. */
final class FirstDataTable {
    /** The agent looks once a second. */
    private static final double TARGET_MS = 1_000;

    private final Table table = new Table("ms since the command was asked for", "attach-cli has ended",
            "the first data are there", "after the command has ended", "target");

    /** What one row is of. */
    private static final class Times {
        private final Samples command = new Samples();
        private final Samples data = new Samples();
        private final Samples later = new Samples();

        void add(FirstData found) {
            command.add(found.commandMs());
            data.add(found.dataMs());
            later.add(found.afterCommandMs());
        }
    }

    /** Of so many JVMs of 50 threads that do next to nothing. */
    void idle(Jdk jdk, int times) {
        Times found = new Times();
        for (int i = 0; i < times; i++) {
            try (HostJvm jvm = HostJvm.of(jdk).main(Idlers.class).start()) {
                jvm.awaitLine("ready");
                found.add(FirstData.of(jvm));
            }
        }
        row("JVM of 50 idle threads, " + jdk, found);
    }

    /** So many times in that one, which keeps the CPUs busy. */
    void busy(ApplicationHost host, int times) {
        Times found = new Times();
        for (int i = 0; i < times; i++) {
            found.add(FirstData.of(host.jvm()));
            Ours.detach(host.jvm());
        }
        row(host.name() + ", on busy CPUs", found);
    }

    private void row(String what, Times found) {
        table.row(what, found.command.text("%.0f"), found.data.text("%.0f"), found.later.text("%.0f"),
                found.later.verdict(TARGET_MS));
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
