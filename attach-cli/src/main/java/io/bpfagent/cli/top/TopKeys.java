package io.bpfagent.cli.top;

import java.util.List;

/** What a key does to what the user has chosen. Pure functions; the keys that end or redraw are none of them. */
final class TopKeys {

    /** Longer ones match nothing, and somebody leans on the keyboard. */
    private static final int MOST_FILTER = 60;

    private TopKeys() {
    }

    /** Whether the key ends the command. */
    static boolean quits(ViewState state, Key key) {
        return key.kind() == Key.Kind.INTERRUPT || !state.typing() && key.kind() == Key.Kind.CHARACTER
            && key.character() == 'q' && !state.help();
    }

    /**
     * What is chosen after this key.
     *
     * @param data what is shown, null before there is anything
     * @param page how many rows there are on the screen
     */
    static ViewState press(ViewState state, Key key, TopData data, int page) {
        if (state.help()) {
            return state.withHelp(false);
        }
        if (state.typing()) {
            return type(state, key);
        }
        return switch (key.kind()) {
            case CHARACTER -> command(state, key.character(), data, page);
            case UP -> move(state, data, -1);
            case DOWN -> move(state, data, 1);
            case PAGE_UP -> move(state, data, -Math.max(1, page));
            case PAGE_DOWN -> move(state, data, Math.max(1, page));
            case HOME -> move(state, data, -Integer.MAX_VALUE / 2);
            case END -> move(state, data, Integer.MAX_VALUE / 2);
            case TAB -> state.withView(TopView.values()[(state.view().ordinal() + 1) % TopView.values().length]);
            case ENTER -> into(state, data);
            case ESCAPE, BACKSPACE -> out(state);
            default -> state;
        };
    }

    private static ViewState command(ViewState state, int character, TopData data, int page) {
        boolean usages = state.view().isOfUsages();
        return switch (character) {
            case '1' -> state.withView(TopView.pools);
            case '2' -> state.withView(TopView.threads);
            case '3' -> state.withView(TopView.pauses);
            case '4' -> state.withView(TopView.events);
            case 'c' -> state.withView(TopView.contexts);
            case 's', '>' -> usages ? state.withOrder(state.order().next(1)) : state.withLongest(!state.longest());
            case 'S', '<' -> usages ? state.withOrder(state.order().next(-1)) : state.withLongest(!state.longest());
            case '/' -> state.withFilter(state.filter(), true);
            case ' ' -> state.withPaused(!state.paused());
            case 'k' -> move(state, data, -1);
            case 'j' -> move(state, data, 1);
            case 'g' -> move(state, data, -Integer.MAX_VALUE / 2);
            case 'G' -> move(state, data, Integer.MAX_VALUE / 2);
            case '?', 'h' -> state.withHelp(true);
            default -> state;
        };
    }

    private static ViewState type(ViewState state, Key key) {
        String filter = state.filter();
        return switch (key.kind()) {
            case CHARACTER -> filter.length() >= MOST_FILTER ? state
                : state.withFilter(filter + Character.toString(key.character()), true);
            case BACKSPACE -> filter.isEmpty() ? state.withFilter("", false)
                : state.withFilter(filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)), true);
            case ENTER -> state.withFilter(filter, false);
            case ESCAPE -> state.withFilter("", false);
            default -> state;
        };
    }

    /** The cursor first appears on the row at the top. */
    private static ViewState move(ViewState state, TopData data, int rows) {
        List<String> keys = data == null ? List.of() : TopRows.keys(data, state);
        if (keys.isEmpty()) {
            return state.withSelected(null);
        }
        int from = keys.indexOf(state.selected());
        int to = from < 0 && rows == 1 ? 0 : Math.max(0, from) + rows;
        return state.withSelected(keys.get(Math.max(0, Math.min(keys.size() - 1, to))));
    }

    /** From a pool to its threads, from a thread or context to its slow events. */
    private static ViewState into(ViewState state, TopData data) {
        if (data == null || state.selected() == null || !state.view().isOfUsages()) {
            return state;
        }
        TopRows.Usage row = TopRows.usages(data, state).stream()
            .filter(usage -> usage.key().equals(state.selected())).findFirst().orElse(null);
        if (row == null) {
            return state;
        }
        return state.view() == TopView.pools ? state.withPool(row.pool())
            : state.withView(TopView.events).withFilter(row.name(), false);
    }

    private static ViewState out(ViewState state) {
        return !state.filter().isEmpty() ? state.withFilter("", false)
            : state.pool() != null ? state.withView(TopView.pools) : state.withSelected(null);
    }
}
