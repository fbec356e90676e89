package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli top} on a real terminal, and that it leaves the terminal as it was. */
class TopIT {
    private static final String ALTERNATE_SCREEN = "\u001b[?1049h";
    private static final String CURSOR = "\u001b[?25h";
    private static final String CLEAR = "\u001b[2J";
    private static final Pattern TO_ROW = Pattern.compile("\u001b\\[([0-9]+);[0-9]+H");
    /** How the last line of a frame begins that is too narrow for the views' names. */
    private static final String NARROW_KEYS = "1-4 ";

    private static Pty top(Jdk jdk, HostJvm host) {
        return new Pty(jdk.java() + " -XX:TieredStopAtLevel=1 -jar " + HostJvm.cliJar() + " top " + host.pid()
                + " --interval 200ms");
    }

    /** The main screen with a cursor, this exit code, and the settings that there were before. */
    private static void assertClean(Pty top, String end, int exitCode) {
        String[] after = end.split("rc=", 2);
        assertTrue(after[1].startsWith(exitCode + "\r\n"), end);
        assertEquals(top.settings(), after[1].lines().skip(1).findFirst().orElseThrow().strip());
        assertTrue(top.screen().substring(0, top.screen().length() - end.length()).endsWith(CURSOR), top::screen);
        assertFalse(top.screen().contains("WARNING"), top::screen);
        assertFalse(top.screen().contains("Exception"), top::screen);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void keysCtrlCAndTermLeaveACleanTerminal(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            try (Pty top = top(jdk, host)) {
                top.await("Common-Cleaner", 1);
                top.type("2");
                top.await("THREAD", 1);
                top.type("4/zzz\r");
                top.await("No events with 'zzz'", 1);
                top.type("c");
                top.await("the agent was not told to count contexts", 1);
                top.type("q");
                assertClean(top, top.awaitEnd(), 0);
            }
            try (Pty top = top(jdk, host)) {
                top.await("Common-Cleaner", 1);
                top.type("\u0003");
                assertClean(top, top.awaitEnd(), 130);
            }
            try (Pty top = top(jdk, host)) {
                top.await("Common-Cleaner", 1);
                top.command().destroy();
                assertClean(top, top.awaitEnd(), 143);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFrameFitsTheWindowThatHasChanged(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL); Pty top = top(jdk, host)) {
            top.await("Common-Cleaner", 1);
            assertFalse(top.screen().contains(NARROW_KEYS), top::screen);
            top.resize(10, 40);
            top.await(NARROW_KEYS, 1);
            String narrow = top.screen().substring(top.screen().lastIndexOf(CLEAR));
            assertEquals(10, TO_ROW.matcher(narrow).results().mapToInt(row -> Integer.parseInt(row.group(1))).max()
                    .orElseThrow(), narrow);
            top.resize(24, 80);
            top.await(" filter", 2);
            top.type("q");
            assertClean(top, top.awaitEnd(), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theEndOfTheJvmIsToldOnTheMainScreen(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL); Pty top = top(jdk, host)) {
            top.await("Common-Cleaner", 1);
            long pid = host.pid();
            host.kill();
            String end = top.awaitEnd();
            assertTrue(end.contains("The JVM ended (" + pid + ").\r\n"), end);
            assertClean(top, end, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void onceIsPlainText(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            Cli once = Cli.run("top", host.pid(), "--once", "--view", "threads", "--sort", "name");
            assertEquals(0, once.exitCode(), once::toString);
            assertTrue(once.stdout().stream().anyMatch(line -> line.startsWith("Common-Cleaner")), once::toString);
            assertTrue(once.stdout().stream().allMatch(line -> line.length() <= 80 && !line.contains("\u001b")),
                    once::toString);
            assertFalse(String.join("\n", once.stdout()).contains(ALTERNATE_SCREEN));
            Cli.run("top", host.pid()).assertFailed("Cannot show a full screen", "--once");
        }
    }
}
