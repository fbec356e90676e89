package io.bpfagent.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys do. */
class TopKeysTest {

    private static final int PAGE = 5;

    private final TopData data = TopDocuments.golden();
    private ViewState state = ViewState.of(TopView.pools, TopOrder.DELAYED, "");

    private void press(String keys) {
        keys.chars().forEach(key -> press(Key.of((char) key)));
    }

    private void press(Key key) {
        assertFalse(TopKeys.quits(state, key));
        state = TopKeys.press(state, key, data, PAGE);
    }

    private void press(Key.Kind kind) {
        press(Key.of(kind));
    }

    @Test
    void digitsAndTabChangeTheView() {
        press("3");
        assertEquals(TopView.pauses, state.view());
        press(Key.Kind.TAB);
        assertEquals(TopView.events, state.view());
        press(Key.Kind.TAB);
        assertEquals(TopView.contexts, state.view());
        press(Key.Kind.TAB);
        assertEquals(TopView.pools, state.view());
        press("c");
        assertEquals(TopView.contexts, state.view());
        press("1c");
        assertEquals(TopView.contexts, state.view());
    }

    /** A request in which something was slow: the events are those of the context. */
    @Test
    void enterGoesFromAContextToItsEvents() {
        press("c");
        assertEquals("GET /orders/*", TopRows.usages(data, state).get(0).name());
        press(Key.Kind.DOWN);
        press(Key.Kind.ENTER);
        assertEquals(TopView.events, state.view());
        assertEquals("GET /orders/*", state.filter());
        press(Key.Kind.ESCAPE);
        assertEquals("", state.filter());
    }

    @Test
    void contextsAreFoundByNameAndKind() {
        press("c/statement");
        assertEquals(List.of("select orders"), TopRows.usages(data, state).stream().map(TopRows.Usage::name).toList());
    }

    @Test
    void sGoesThroughTheStatesAndBack() {
        press("s");
        assertEquals("running", state.order().name());
        press("ss");
        assertEquals("monitor", state.order().name());
        press("SSSS");
        assertEquals("name", state.order().name());
        press("s");
        assertEquals(TopOrder.DELAYED, state.order());
        press("4s");
        assertTrue(state.longest());
        assertEquals(TopOrder.DELAYED, state.order());
    }

    @Test
    void rowsAreSortedByWhatIsAskedFor() {
        List<String> delayed = TopRows.keys(data, state);
        assertEquals(List.of("http-nio-#-exec-#", "busy-#"), delayed.subList(0, 2));
        press("s");
        assertEquals(List.of("busy-#", "http-nio-#-exec-#"), TopRows.keys(data, state).subList(0, 2));
        assertEquals(List.of("GC", "VM", "batch-#"), TopRows.keys(data, state.withOrder(TopOrder.NAME)).subList(0, 3));
        press("3");
        assertEquals("294", TopRows.keys(data, state).get(0));
        press("s");
        assertEquals("288", TopRows.keys(data, state).get(0));
    }

    @Test
    void aFilterIsTyped() {
        press("/Exe q?c");
        assertEquals("Exe q?c", state.filter());
        assertTrue(state.typing());
        for (int i = 0; i < 4; i++) {
            press(Key.Kind.BACKSPACE);
        }
        assertEquals(List.of("http-nio-#-exec-#"), TopRows.keys(data, state));
        press(Key.Kind.ENTER);
        assertFalse(state.typing());
        press("2");
        assertEquals("Exe", state.filter());
        assertEquals(4, TopRows.keys(data, state).size());
        press(Key.Kind.ESCAPE);
        assertEquals("", state.filter());
        press("/abc");
        press(Key.Kind.ESCAPE);
        assertEquals("", state.filter());
        assertFalse(state.typing());
    }

    @Test
    void theCursorMovesAndStaysOnItsRow() {
        press(Key.Kind.DOWN);
        assertEquals("http-nio-#-exec-#", state.selected());
        press("j");
        assertEquals("busy-#", state.selected());
        press("sss");
        assertEquals("busy-#", state.selected());
        press(Key.Kind.END);
        press(Key.Kind.DOWN);
        assertEquals(TopRows.keys(data, state).get(TopRows.keys(data, state).size() - 1), state.selected());
        press(Key.Kind.HOME);
        press(Key.Kind.UP);
        assertEquals(TopRows.keys(data, state).get(0), state.selected());
        press(Key.Kind.PAGE_DOWN);
        assertEquals(TopRows.keys(data, state).get(PAGE), state.selected());
        press(Key.Kind.ESCAPE);
        assertNull(state.selected());
    }

    @Test
    void enterGoesIntoAPoolAndIntoAThread() {
        press(Key.Kind.ENTER);
        assertEquals(TopView.pools, state.view());
        press(Key.Kind.DOWN);
        press(Key.Kind.ENTER);
        assertEquals(TopView.threads, state.view());
        assertEquals(4, TopRows.keys(data, state).size());
        press(Key.Kind.DOWN);
        press(Key.Kind.ENTER);
        assertEquals(TopView.events, state.view());
        assertTrue(state.filter().startsWith("http-nio-8080-exec-"), state.filter());
        press("2");
        press(Key.Kind.ESCAPE);
        press("1");
        press(Key.Kind.DOWN);
        press(Key.Kind.ENTER);
        press(Key.Kind.ESCAPE);
        assertEquals(TopView.pools, state.view());
    }

    @Test
    void anyKeyLeavesTheHelp() {
        press("?");
        assertTrue(state.help());
        press("q");
        assertFalse(state.help());
        press(" ");
        assertTrue(state.paused());
        press(" ");
        assertFalse(state.paused());
    }

    @Test
    void qAndCtrlCEndIt() {
        assertTrue(TopKeys.quits(state, Key.of('q')));
        assertTrue(TopKeys.quits(state, TopScreen.key("\u0003")));
        assertTrue(TopKeys.quits(state.withFilter("", true), TopScreen.key("\u0003")));
        assertFalse(TopKeys.quits(state.withFilter("", true), Key.of('q')));
    }

    @Test
    void whatMakesNoSenseDoesNothing() {
        ViewState before = state;
        press("~^5\u00e9");
        press(Key.Kind.OTHER);
        assertEquals(before, state);
        assertEquals(before, TopKeys.press(before, Key.of(Key.Kind.DOWN), null, 0));
        assertEquals(before, TopKeys.press(before, Key.of(Key.Kind.ENTER), null, 0));
    }

    @ParameterizedTest
    @CsvSource({"[A,UP", "OA,UP", "[B,DOWN", "[5~,PAGE_UP", "[6~,PAGE_DOWN", "[H,HOME", "OH,HOME", "[1~,HOME", "[F,END",
        "[4~,END", "'',ESCAPE", "[15~,OTHER", "[Z,TAB", "x,OTHER", "[<0;1;1M,OTHER"})
    void knowsWhatTerminalsSend(String sequence, Key.Kind kind) {
        assertEquals(kind, TopScreen.key("\u001b" + sequence).kind());
    }

    @Test
    void knowsPlainKeys() {
        assertEquals(Key.of('a'), TopScreen.key("a"));
        assertEquals(Key.of('\u00e9'), TopScreen.key("\u00e9"));
        assertEquals(Key.Kind.ENTER, TopScreen.key("\r").kind());
        assertEquals(Key.Kind.BACKSPACE, TopScreen.key("\u007f").kind());
        assertEquals(Key.Kind.TAB, TopScreen.key("\t").kind());
        assertEquals(Key.Kind.REDRAW, TopScreen.key("\f").kind());
        assertEquals(Key.Kind.OTHER, TopScreen.key("\u0001").kind());
    }
}
