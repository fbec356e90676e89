package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;

/** How much memory it takes, in the JVM, in the kernel and on the disk. */
final class Memory implements Chapter {
    private static final double KIB_PER_MIB = 1024;
    private static final double BYTES_PER_MIB = 1024 * 1024;
    private static final double RESIDENT_TARGET_MIB = 24;
    private static final double MAPS_TARGET_MIB = 8;
    private static final double JAR_TARGET_MB = 7;
    private static final int AGE_MS = 10_000;

    /** A JVM of that age. */
    private record Idle(HostJvm jvm, long dueNs) {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "Memory";
    }

    @Override
    public String measure(Effort effort) {
        Table table = new Table("MiB resident", "bare JVM", "more with an empty agent", "more with bpf-agent");
        StringBuilder verdicts = new StringBuilder();
        Samples maps = new Samples();
        Path emptyAgent = EmptyAgentJar.make();
        Random random = new Random(1);
        for (Jdk jdk : Jdks.all()) {
            Samples bare = new Samples();
            Samples empty = new Samples();
            Samples ours = new Samples();
            for (int i = 0; i < effort.jvms(); i++) {
                Map<Guest, Double> mib = residentMib(jdk, Guest.shuffled(random), emptyAgent, maps);
                double without = mib.get(Guest.NONE);
                bare.add(without);
                empty.add(mib.get(Guest.EMPTY_AGENT) - without);
                ours.add(mib.get(Guest.OURS) - without);
            }
            table.row(jdk.toString(), bare.text("%.1f"), empty.text("%.1f"), ours.text("%.1f"));
            verdicts.append(verdicts.length() == 0 ? "" : "; ").append(jdk).append(' ')
                    .append(ours.verdict(RESIDENT_TARGET_MIB));
        }
        return "VmRSS of JVMs of 50 idle threads after 10 s, `-Xms64m -Xmx64m`. The empty agent has a `premain` that"
                + " does\n"
                + "nothing. Target: at most 24 MiB more. " + verdicts + ".\n\n" + table + "\n" + sizes(maps);
    }

    private static String sizes(Samples maps) {
        Samples jar = new Samples();
        double objects = 0;
        double packed = 0;
        try (JarFile file = new JarFile(HostJvm.agentJar().toFile())) {
            jar.add(Files.size(HostJvm.agentJar()) / 1e6);
            for (JarEntry entry : file.stream().filter(Memory::isBpfObject).toList()) {
                packed += entry.getSize() / 1e6;
                try (InputStream in = new GZIPInputStream(file.getInputStream(entry))) {
                    objects += in.transferTo(OutputStream.nullOutputStream()) / 1e6;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Table("", "size", "target", "")
                .row("maps in the kernel", Samples.number("%.1f MiB", maps.median()), "8 MiB",
                        maps.verdict(MAPS_TARGET_MIB))
                .row("bpf-agent.jar", jar.text("%.1f MB"), "7 MB", jar.verdict(JAR_TARGET_MB))
                .row("of it BPF objects, packed, for one architecture", Samples.number("%.2f MB", packed), "", "")
                .row("these unpacked", Samples.number("%.2f MB", objects), "", "").toString();
    }

    /** Whether that is of this machine's architecture: each is there for all. */
    private static boolean isBpfObject(JarEntry entry) {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
        return entry.getName().endsWith(".bpf.o.gz") && entry.getName().contains("/" + architecture + "/");
    }

    /** One JVM of each kind, all at the same time, each looked at when it is 10 s old. */
    private static Map<Guest, Double> residentMib(Jdk jdk, List<Guest> order, Path emptyAgent, Samples maps) {
        Map<Guest, Idle> jvms = new EnumMap<>(Guest.class);
        Map<Guest, Double> mib = new EnumMap<>(Guest.class);
        try {
            for (Guest guest : order) {
                HostCommand command =
                        guest.in(HostJvm.of(jdk).jvm("-Xms64m", "-Xmx64m").main(Idlers.class), emptyAgent);
                jvms.put(guest, new Idle(command.start(), System.nanoTime() + AGE_MS * 1_000_000L));
                // The next starts when this one has started.
                Await.sleep(1_000);
            }
            for (Guest guest : order) {
                HostJvm jvm = jvms.get(guest).jvm();
                Await.sleep(Math.max(0, (jvms.get(guest).dueNs() - System.nanoTime()) / 1_000_000));
                mib.put(guest, Long.parseLong(jvm.procStatus("VmRSS").replaceFirst(" kB$", "")) / KIB_PER_MIB);
                if (guest == Guest.OURS) {
                    maps.add(jvm.await("on").get("kernelMemoryBytes").getAsLong() / BYTES_PER_MIB);
                }
            }
            return mib;
        } finally {
            jvms.values().forEach(idle -> idle.jvm().close());
        }
    }
}
