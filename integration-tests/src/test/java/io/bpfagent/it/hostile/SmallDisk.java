package io.bpfagent.it.hostile;

import io.bpfagent.it.Await;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A tmpfs of the test's own, with little room; mounted as long as it is open. */
record SmallDisk(Path root) implements AutoCloseable {
    private static final Duration UNUSED_WITHIN = Duration.ofSeconds(10);

    /** @param size as mount(8) takes it: bytes, or with k or m; the kernel makes whole pages of it */
    static SmallDisk mount(Path root, String size) {
        Tools.run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString());
        return new SmallDisk(root);
    }

    Path file(String name) {
        return root.resolve(name);
    }

    /** What stands before a command that is to have it as its /tmp; for nobody else it is there. */
    String[] asTmp() {
        return new String[] {"unshare", "-m", "sh", "-c", "mount --bind \"$0\" /tmp && exec \"$@\"", root.toString()};
    }

    /** The names of all that is there, sorted. */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    void grow(String size) {
        Tools.run("mount", "-o", "remount,size=" + size, root.toString());
    }

    @Override
    public void close() {
        Await.until(UNUSED_WITHIN, () -> root + " unused", this::isUnmounted);
    }

    private boolean isUnmounted() {
        try {
            Tools.run("umount", root.toString());
            return true;
        } catch (AssertionError e) {
            return false; // a process that was killed is not gone yet
        }
    }
}
