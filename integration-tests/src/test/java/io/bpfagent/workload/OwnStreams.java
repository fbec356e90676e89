package io.bpfagent.workload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * An application that has replaced System.out and System.err before anything is printed. On the real
 * stdout stands at the end what was written to its own streams.
 */
public final class OwnStreams {
    private OwnStreams() {}

    /** @param args {@code collect}, or {@code throw} for a System.err that throws on every use, or {@code none} */
    public static void main(String[] args) throws IOException {
        PrintStream stdout = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(switch (args[0]) {
            case "throw" -> new Refusing();
            case "none" -> null;
            default -> new PrintStream(err, true, StandardCharsets.UTF_8);
        });
        stdout.println("begin");
        Errand.untilEnd();
        stdout.println("out " + out.toString(StandardCharsets.UTF_8).strip());
        stdout.println("err " + err.toString(StandardCharsets.UTF_8).strip());
    }

    private static final class Refusing extends PrintStream {
        Refusing() {
            super(OutputStream.nullOutputStream());
        }

        @Override
        public void println(String line) {
            throw new IllegalStateException("closed for today");
        }
    }
}
