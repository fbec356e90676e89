package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The structures as libbpf 1.4 reads them: bpf_uprobe_multi_opts and bpf_uprobe_opts of libbpf.h. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class UprobeSitesTest {
    private static final List<UprobeSite> PLAIN = List.of(new UprobeSite(0x1010, 0, 0x105),
            new UprobeSite(0x1020, 0, 7), new UprobeSite(0x1030, 0, 0));

    @BeforeAll
    static void loadJffi(@TempDir Path directory) throws Exception {
        Jffi.load(directory);
    }

    private static ByteBuffer multi(UprobeSites sites) {
        return NativeMemory.bufferAt(sites.multiOptions(), UprobeSites.MULTI_OPTS_BYTES);
    }

    private static long word(long array, int index) {
        return NativeMemory.bufferAt(array, (index + 1L) * Long.BYTES).getLong(index * Long.BYTES);
    }

    @Test
    void givesOffsetsAndCookiesOfAll() {
        try (UprobeSites sites = new UprobeSites(PLAIN, false)) {
            ByteBuffer options = multi(sites);
            assertEquals(56, options.getLong(0));
            assertEquals(0, options.getLong(8), "names of functions");
            assertEquals(0, options.getLong(24), "semaphores, where there are none");
            assertEquals(3, options.getLong(40));
            for (int i = 0; i < 3; i++) {
                assertEquals(PLAIN.get(i).offset(), word(options.getLong(16), i));
                assertEquals(PLAIN.get(i).cookie(), word(options.getLong(32), i));
                assertEquals(PLAIN.get(i).offset(), sites.offset(i));
            }
            assertEquals(3, sites.count());
        }
    }

    @Test
    void givesSemaphoresOfAllWhereOneHasOne() {
        List<UprobeSite> some = List.of(new UprobeSite(0x1010, 0, 1), new UprobeSite(0x1020, 0x2020, 2));
        try (UprobeSites sites = new UprobeSites(some, false)) {
            long semaphores = multi(sites).getLong(24);
            assertEquals(0, word(semaphores, 0));
            assertEquals(0x2020, word(semaphores, 1));
        }
    }

    @Test
    void saysWhetherTheProgramRunsOnReturn() {
        for (boolean returns : new boolean[] {true, false}) {
            try (UprobeSites sites = new UprobeSites(PLAIN, returns)) {
                ByteBuffer all = multi(sites);
                assertEquals(returns ? 1 : 0, all.get(48));
                assertEquals(0, all.getLong(48) >> Byte.SIZE);
                ByteBuffer one = NativeMemory.bufferAt(sites.options(1), UprobeSites.OPTS_BYTES);
                assertEquals(returns ? 1 : 0, one.get(24));
                assertEquals(0, one.getLong(24) >> Byte.SIZE);
            }
        }
    }

    @Test
    void givesOneAfterTheOtherToAKernelWithoutUprobeMulti() {
        List<UprobeSite> some = List.of(new UprobeSite(0x1010, 0, 0x105), new UprobeSite(0x1020, 0x2020, 7));
        try (UprobeSites sites = new UprobeSites(some, true)) {
            multi(sites);
            for (int i = 0; i < some.size(); i++) {
                ByteBuffer options = NativeMemory.bufferAt(sites.options(i), UprobeSites.OPTS_BYTES);
                assertEquals(48, options.getLong(0));
                assertEquals(some.get(i).semaphore(), options.getLong(8));
                assertEquals(some.get(i).cookie(), options.getLong(16));
                assertEquals(0, options.getLong(32) | options.getLong(40));
            }
        }
    }
}
