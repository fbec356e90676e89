package io.bpfagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of a report in a real browser: attach-cli makes one of a recording, and attach-cli/test-report looks at
 * it and at others (src/main/report/test). Needs Chromium and npm, which bin/setup installs.
 */
class ReportPageIT {
    private static final Path CLI = Path.of(System.getProperty("cli.jar"));
    /** Of the example shop, with contexts, pauses and slow events. */
    private static final String RECORDING = "src/test/resources/golden/shop-recording.json";
    private static final long PATIENCE_S = 180;

    @TempDir
    Path directory;

    @Test
    void showsWhatWasRecordedAndDoesWhatIsClicked() throws Exception {
        Path module = CLI.toRealPath().getParent().getParent();
        Path recording = module.resolve(RECORDING);
        Path page = directory.resolve("shop.html");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        run(Map.of(), java, "-jar", CLI.toString(), "report", recording.toString(), "-o", page.toString());
        String told = run(Map.of("REPORT_PAGE", page.toString(), "REPORT_RECORDING", recording.toString()),
                module.resolve("test-report").toString());
        // Node calls a file without tests a success.
        assertTrue(told.contains("# skipped 0") && !told.contains("# pass 0"), told);
    }

    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path told = directory.resolve("told");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(told.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "NODE_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), () -> String.join(" ", command));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = Files.readString(told, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), text);
        return text;
    }
}
