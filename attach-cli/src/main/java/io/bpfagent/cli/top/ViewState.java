package io.bpfagent.cli.top;

/**
 * What the user has chosen to see.
 *
 * @param order of pools and threads
 * @param longest pauses and events: the longest first, not the newest
 * @param filter a part of a name, empty for all
 * @param typing whether the filter is being typed
 * @param pool whose threads are shown, null for those of all
 * @param selected the key of the row on which the cursor is, null as long as nobody has moved it
 * @param paused whether the frame stands still
 * @param help whether the keys are explained instead of rows
 */
public record ViewState(TopView view, TopOrder order, boolean longest, String filter, boolean typing, String pool,
    String selected, boolean paused, boolean help) {

    /** At the beginning. */
    public static ViewState of(TopView view, TopOrder order, String filter) {
        return new ViewState(view, order, false, filter, false, null, null, false, false);
    }

    ViewState withView(TopView other) {
        return new ViewState(other, order, longest, filter, false, null, null, paused, false);
    }

    ViewState withOrder(TopOrder other) {
        return new ViewState(view, other, longest, filter, false, pool, selected, paused, false);
    }

    ViewState withLongest(boolean now) {
        return new ViewState(view, order, now, filter, false, pool, selected, paused, false);
    }

    ViewState withFilter(String other, boolean nowTyping) {
        return new ViewState(view, order, longest, other, nowTyping, pool, null, paused, false);
    }

    ViewState withPool(String other) {
        return new ViewState(TopView.threads, order, longest, "", false, other, null, paused, false);
    }

    ViewState withSelected(String other) {
        return new ViewState(view, order, longest, filter, typing, pool, other, paused, false);
    }

    ViewState withPaused(boolean now) {
        return new ViewState(view, order, longest, filter, typing, pool, selected, now, help);
    }

    ViewState withHelp(boolean now) {
        return new ViewState(view, order, longest, filter, false, pool, selected, paused, now);
    }
}
