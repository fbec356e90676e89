package io.bpfagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process is connected with. */
final class Terminals {

    private static final int NARROWEST = 20;
    private static final int WIDEST = 1_000;

    private Terminals() {
    }

    /** Whether somebody sits before standard input and sees standard output. */
    static boolean isInteractive() {
        return isTerminal(0) && isTerminal(1);
    }

    /** System.console() would not do: since JDK 22 it is there without a terminal too. */
    static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** What the environment says of the width (COLUMNS), or the default. */
    static int columns(int byDefault) {
        try {
            int columns = Integer.parseInt(System.getenv().getOrDefault("COLUMNS", ""));
            return columns >= NARROWEST && columns <= WIDEST ? columns : byDefault;
        } catch (NumberFormatException unknown) {
            return byDefault;
        }
    }
}
