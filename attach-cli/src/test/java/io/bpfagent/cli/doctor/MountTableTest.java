package io.bpfagent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The mount that a path stands on. */
class MountTableTest {

    private static final MountTable TABLE = MountTable.parse("""
        22 1 254:0 / / ro,relatime shared:1 - ext4 /dev/vda rw
        23 22 0:21 / /tmp rw,noexec - tmpfs tmpfs rw
        24 23 0:22 / /tmp/with\\040blank rw - tmpfs tmpfs ro,size=1k
        25 22 0:23 / /tmp rw - tmpfs tmpfs rw
        """);

    @Test
    void theLongestPathAndOfThoseTheLast() {
        assertTrue(TABLE.of("/tmpx").orElseThrow().isReadOnly());
        assertEquals("/", TABLE.of("/tmpx").orElseThrow().point());
        assertFalse(TABLE.of("/tmp/x").orElseThrow().isNoexec());
        assertTrue(TABLE.of("/tmp/with blank").orElseThrow().isReadOnly());
    }

    @Test
    void whatCannotBeReadHasNone() {
        assertTrue(MountTable.of(Path.of("/proc/none")).of("/").isEmpty());
        assertTrue(MountTable.parse("a - b\n\n").mounts().isEmpty());
    }
}
