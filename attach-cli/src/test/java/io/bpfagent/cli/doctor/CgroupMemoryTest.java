package io.bpfagent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a limit, under both versions of cgroups. */
class CgroupMemoryTest {

    @TempDir
    Path directory;

    private void file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private OptionalLong left() {
        return new CgroupMemory(directory.resolve("proc")).left(directory.resolve("proc/4711"));
    }

    @Test
    void theNearestLimitOfVersion2Counts() throws IOException {
        file("proc/self/mounts", "cgroup2 " + directory + "/cg cgroup2 rw,nosuid 0 0\n");
        file("proc/4711/cgroup", "0::/system.slice/app.service\n");
        file("cg/system.slice/app.service/memory.max", "max\n");
        file("cg/system.slice/app.service/memory.current", "100\n");
        assertEquals(OptionalLong.empty(), left());
        file("cg/system.slice/memory.max", "1000\n");
        file("cg/system.slice/memory.current", "700\n");
        file("cg/system.slice/memory.stat", "anon 500\ninactive_file 150\n");
        assertEquals(OptionalLong.of(450), left());
        file("cg/system.slice/app.service/memory.max", "120\n");
        assertEquals(OptionalLong.of(20), left());
    }

    @Test
    void version1HasItInAHierarchyOfItsOwn() throws IOException {
        file("proc/self/mounts", "cgroup " + directory + "/cpu cgroup rw,cpu 0 0\n"
            + "cgroup " + directory + "/mem cgroup rw,memory 0 0\ncgroup2 " + directory + "/u cgroup2 rw 0 0\n");
        file("proc/4711/cgroup", "5:cpu:/x\n4:memory:/docker/c1\n0::/\n");
        file("mem/memory.limit_in_bytes", "9223372036854771712\n");
        file("mem/memory.usage_in_bytes", "5000\n");
        assertEquals(OptionalLong.empty(), left());
        file("mem/docker/c1/memory.limit_in_bytes", "2000\n");
        file("mem/docker/c1/memory.usage_in_bytes", "2500\n");
        file("mem/docker/c1/memory.stat", "inactive_file 7\ntotal_inactive_file 100\n");
        assertEquals(OptionalLong.of(0), left());
    }

    @Test
    void whereNothingCanBeReadThereIsNoLimit() throws IOException {
        assertEquals(OptionalLong.empty(), left());
        file("proc/4711/cgroup", "nonsense\n0::/../x\n");
        file("proc/self/mounts", "cgroup2 " + directory + " cgroup2 rw 0 0\n");
        assertEquals(OptionalLong.empty(), left());
    }
}
