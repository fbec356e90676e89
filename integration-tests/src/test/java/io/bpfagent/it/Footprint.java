package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a host that runs {@link io.bpfagent.workload.LongLife} holds at one moment, after a collection of its garbage.
 *
 * @param descriptors   open files
 * @param threads       of the process
 * @param bpfObjects    of the agent's programs, maps and links those of which it has descriptors
 * @param classes       loaded
 * @param metaspaceKib  in use
 * @param heapKib       in use
 * @param anonymousKib  resident memory of no file: heap, metaspace, stacks, and what C code has allocated
 */
public record Footprint(long descriptors, long threads, long bpfObjects, long classes, long metaspaceKib, long heapKib,
        long anonymousKib) {
    /** Weighs it, for the n-th time in its life. */
    static Footprint of(HostJvm host, int number) {
        host.send("weigh");
        String[] words = host.awaitLine("weight " + number + " ").split(" ");
        OurBpf held = OurBpf.heldBy(host.pid());
        return new Footprint(count(host, "fd"), count(host, "task"),
                held.programs().size() + held.maps().size() + held.links().size(), Long.parseLong(words[2]),
                Long.parseLong(words[3]), Long.parseLong(words[4]),
                Long.parseLong(host.procStatus("RssAnon").replaceFirst(" kB$", "")));
    }

    private static long count(HostJvm host, String kind) {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(host.pid()), kind))) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
