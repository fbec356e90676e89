package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the name stands where a PID does. */
class JvmByNameTest {

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = new FakeMachine(directory);
        int uid = (Integer) java.nio.file.Files.getAttribute(directory, "unix:uid");
        String maps = "7f00 r-xp /jdk/lib/server/libjvm.so\n";
        machine.process("4801", uid, uid, "java\0-cp\0x\0com.acme.App\0shop\0", maps);
        machine.process("4802", uid, uid, "java\0com.acme.AppTest\0", maps);
        machine.process("4803", uid, uid, "java\0com.acme.batch.Nightly\0", maps);
    }

    private void fails(String line, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line + "\n", outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void aPartInAnyCaseIsEnough() {
        fails("No agent in JVM 4803. Attach one with: attach-cli 4803", "status", "nightly");
        fails("No agent in JVM 4803. Attach one with: attach-cli 4803", "probe", "batch.N", "list");
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711", "threads", "app.jar");
    }

    @Test
    void theWholeNameIsMeantEvenWhereItIsAPartOfAnother() {
        fails("No agent in JVM 4801. Attach one with: attach-cli 4801", "status", "com.acme.App");
        fails("No agent in JVM 4801. Attach one with: attach-cli 4801", "status", "App");
    }

    @Test
    void severalAreListed() {
        fails("More than one JVM (acme: 4801 com.acme.App, 4802 com.acme.AppTest, 4803 com.acme.batch.Nightly)."
            + " Give the PID, or more of the name.", "status", "acme");
    }

    @Test
    void noneIsSaid() {
        fails("No such JVM (shop is in the name of none of 4 that you may see). List them with: attach-cli list",
            "status", "shop");
        fails("No such JVM (com.acme.Nope is in the name of none of 4 that you may see). List them with:"
            + " attach-cli list", "com.acme.Nope");
    }

    @Test
    void withoutAVerbItMustBeMoreThanSmallLetters() {
        assertEquals("Neither a PID nor a verb: nightly\nTry: attach-cli --help\n", machine.run("nightly").err());
        machine.edit("4803", "status", "S (sleeping)", "T (stopped)");
        FakeMachine.Outcome outcome = machine.run("Nightly");
        assertTrue(outcome.err().startsWith("Cannot attach: the JVM is stopped (4803"), outcome.err());
    }
}
