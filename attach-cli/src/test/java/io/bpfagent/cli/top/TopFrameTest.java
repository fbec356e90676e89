package io.bpfagent.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of the golden documents, of several sizes; -Dgolden.write=true writes them anew. */
class TopFrameTest {

    private static ViewState state(TopView view) {
        return ViewState.of(view, TopOrder.DELAYED, "");
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path golden = Path.of("src/test/resources/golden/" + name + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
    }

    @ParameterizedTest
    @CsvSource({"pools,80,24", "pools,120,40", "pools,40,10", "threads,80,24", "threads,40,10", "pauses,80,24",
        "pauses,120,40", "pauses,40,10", "events,80,24", "events,40,10", "contexts,80,24", "contexts,120,40",
        "contexts,40,10"})
    void drawsTheGoldenFrame(TopView view, int width, int height) throws IOException {
        TopFrame frame = TopFrame.of(TopDocuments.golden(), width, height, state(view), null);
        assertEquals(height, frame.lines().size());
        assertGolden("top-" + view + "-" + width + "x" + height, frame.plain());
    }

    @Test
    void onceHasAllRowsAndNoKeys() throws IOException {
        assertGolden("top-once",
            TopFrame.of(TopDocuments.golden(), 80, TopFrame.ALL_ROWS, state(TopView.pools), null).plain());
    }

    @Test
    void helpFits() throws IOException {
        assertGolden("top-help",
            TopFrame.of(TopDocuments.golden(), 80, 24, state(TopView.pools).withHelp(true), null).plain());
    }

    @Test
    void saysWhatIsLostAndWhyThereIsNothing() throws IOException {
        assertGolden("top-losses", TopFrame.of(TopDocuments.lossy(), 80, 24, state(TopView.pauses), null).plain());
    }

    /** Until the answer is there, where none are kept, and where there has been none. */
    @Test
    void saysWhyThereIsNoContext() {
        String[][] files = {{null, "Asking the agent ..."}, {"contexts-no-programs.json",
                "the agent was not told to count contexts:"},
            {"contexts-none.json", "No contexts so far."}};
        for (String[] file : files) {
            String frame = TopFrame.of(TopDocuments.withContexts(file[0]), 80, 24, state(TopView.contexts), null)
                    .plain();
            assertTrue(frame.contains("\n" + file[1]), frame);
        }
    }

    @Test
    void aContextWithTheCursorTellsWhatItDidItself() {
        ViewState state = state(TopView.contexts);
        String key = TopRows.usages(TopDocuments.golden(), state).stream()
            .filter(row -> row.name().equals("POST /orders")).findFirst().orElseThrow().key();
        String frame = TopFrame.of(TopDocuments.golden(), 120, 40, state.withSelected(key), null).plain();
        assertTrue(frame.contains("  request, entered 23 times, 60.9 ms each; itself 28.9% running 4.3%"), frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 9, 11, 13, 20, 30, 50, 79, 200, 1000})
    void noSizeIsTooSmallOrTooLarge(int width) {
        for (TopView view : TopView.values()) {
            for (int height = 0; height < 60; height++) {
                TopFrame frame = TopFrame.of(TopDocuments.golden(), width, height, state(view), "a notice");
                assertTrue(frame.lines().size() <= height, view + " " + width + "x" + height);
                for (Line line : frame.lines()) {
                    assertTrue(line.width() <= width, () -> view + " " + width + ": " + line.plain());
                }
            }
        }
    }

    @Test
    void theCursorStaysOnTheScreen() {
        TopData data = TopDocuments.golden();
        for (TopView view : TopView.values()) {
            for (String key : TopRows.keys(data, state(view))) {
                TopFrame frame = TopFrame.of(data, 80, 12, state(view).withSelected(key), null);
                assertTrue(frame.lines().stream().anyMatch(Line::isSelected), view + " " + key);
            }
        }
    }

    @Test
    void theLineOfTheKeysSaysWhatIsChosen() {
        TopData data = TopDocuments.golden();
        ViewState state = ViewState.of(TopView.threads, new TopOrder("monitor"), "exec");
        assertTrue(TopFrame.of(data, 80, 24, state, null).plain().contains("sort: monitor  /exec"));
        assertTrue(TopFrame.of(data, 80, 24, state.withFilter("exec-7", true), null).plain().contains("/exec-7_"));
        assertTrue(TopFrame.of(data, 80, 24, state.withPaused(true), null).plain().contains("PAUSED"));
        assertTrue(TopFrame.of(data, 80, 24, state, "JVM 4711 does not answer").plain()
            .endsWith("JVM 4711 does not answer\n"));
        assertTrue(TopFrame.of(data, 80, 24, state.withFilter("nothing", false), null).plain()
            .contains("No threads with 'nothing'. Esc shows all."));
        assertEquals("Asking the agent ...\n", TopFrame.of(null, 80, 24, state, null).plain());
    }

    @Test
    void theAgentsBillIsShownWhereItKeepsOne() {
        String bill = "{\"schema\":1,\"kernelMemoryBytes\":7340032,\"cost\":{\"wallNs\":5000000000,"
            + "\"threadCpuNs\":11000000,\"programNs\":35000000,\"share\":0.0217,\"maxShare\":%s,\"note\":%s,"
            + "\"allocatedBytesPerSecond\":%s}}";
        String shares = "agent   2.2% of JVM CPU: threads 0.5%, programs 1.7%; 7.00 MiB";
        assertEquals(List.of(shares + ", 30.5 KiB/s heap; max-cost 5.0%", ""),
            agentLines(100, String.format(bill, "0.05", "null", "31204")));
        assertEquals(List.of(shares + ", 30.5 KiB/s heap", ""),
            agentLines(80, String.format(bill, "0.05", "null", "31204")));
        assertEquals(List.of(shares, "        park was turned off"),
            agentLines(80, String.format(bill, "null", "\"park was turned off\"", "null")));
        assertEquals(List.of("agent   cost not known yet; 7.00 MiB", ""),
            agentLines(80, "{\"schema\":1,\"kernelMemoryBytes\":7340032,\"cost\":null}"));
        assertEquals(List.of("agent   cost not known yet", ""), agentLines(80, "{\"schema\":1}"));
    }

    /** The line that begins so, and the next. */
    private static List<String> agentLines(int width, String status) {
        return TopFrame.of(TopDocuments.withStatus(status), width, 24, state(TopView.pools), null).plain().lines()
            .dropWhile(line -> !line.startsWith("agent ")).limit(2).toList();
    }

    /**
     * Neither a name nor a reason nor what has been typed; in a row, in the lines around, and where there is no row.
     */
    @ParameterizedTest
    @EnumSource(TopView.class)
    void noFrameSteersTheTerminal(TopView view) {
        TopData data = TopDocuments.steering();
        String clear = "\u001b[2J";
        for (ViewState state : List.of(state(view), state(view).withFilter(clear, false),
            state(view).withFilter(clear, true), state(view).withFilter(clear + "nothing", false),
            state(TopView.threads).withPool(clear),
            state(view).withSelected(TopRows.keys(data, state(view)).get(0)))) {
            for (int width : new int[] {40, 80, 120, 300}) {
                String frame = TopFrame.of(data, width, 24, state, null).plain();
                assertTrue(frame.chars().noneMatch(c -> c < ' ' && c != '\n' || c >= 0x7f && c < 0xa0), frame);
                assertTrue(width < 300 || frame.contains("?[2J"), frame);
            }
            assertTrue(TopFrame.of(data, 80, 24, state, "notice" + clear).plain().chars().noneMatch(c -> c == 0x1b));
        }
    }

    @Test
    void namesCannotSteerTheTerminalAndTakeTheCellsTheyTake() {
        assertEquals("a?[2J  ", Cells.left("a\u001b[2J", 7));
        assertEquals("\u65e5\u672c ", Cells.left("\u65e5\u672c", 5));
        assertEquals(8, Cells.width(Cells.left("\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e-worker", 8)));
        assertEquals("http..c-7", Cells.left("http-nio-8080-exec-7", 9).strip());
    }
}
