package io.bpfagent.cli.top;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One use of the full screen, from taking it to giving it back. */
public final class TopSession {

    /** What makes the screen change. */
    private sealed interface Event {
    }

    private record Pressed(Key key) implements Event {
    }

    private record Asked(TopData data) implements Event {
    }

    private record Silent(String notice) implements Event {
    }

    private record Failed(RuntimeException failure) implements Event {
    }

    private record Resized() implements Event {
    }

    /** A window that is dragged tells its size many times a second. */
    private static final long RESIZE_MS = 50;
    /** As a program has that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private final TopSource source;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private ViewState state;
    private TopData data;
    private String notice;
    private int page;

    /** @param state what is to be seen at the beginning */
    public TopSession(TopSource source, ViewState state) {
        this.source = source;
        this.state = state;
        source.wantContexts(state.view() == TopView.contexts);
    }

    /**
     * Shows frames until a key ends it; returns the exit code.
     *
     * @param colours whether any may be used
     * @throws CliException when there is nothing more to show, after the screen is given back
     */
    public int run(boolean colours) {
        try (TopScreen screen = take(colours)) {
            screen.onResize(() -> events.add(new Resized()));
            daemon("top-keys", () -> screen.readKeys(key -> events.add(new Pressed(key))));
            daemon("top-asks", this::ask);
            draw(screen);
            while (true) {
                Event event = events.take();
                if (event instanceof Pressed pressed && TopKeys.quits(state, pressed.key())) {
                    return pressed.key().kind() == Key.Kind.INTERRUPT ? INTERRUPTED : 0;
                }
                if (handle(event, screen)) {
                    draw(screen);
                }
            }
        } catch (IllegalStateException failed) {
            if (TopScreen.isEnding()) {
                return INTERRUPTED;
            }
            throw failed;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private static TopScreen take(boolean colours) {
        try {
            return new TopScreen(colours);
        } catch (IOException | IllegalStateException none) {
            throw CliError.NO_SCREEN.because(": " + none.getMessage() + ". Use a terminal that has one (TERM="
                + System.getenv("TERM") + "), or: --once", none);
        }
    }

    /** One frame as text, with all rows. */
    public String once(int width) {
        return TopFrame.of(source.once(), width, TopFrame.ALL_ROWS, state, null).plain();
    }

    /** Whether the frame is another one now. */
    private boolean handle(Event event, TopScreen screen) throws InterruptedException {
        if (event instanceof Pressed pressed) {
            if (pressed.key().kind() == Key.Kind.REDRAW) {
                screen.resized();
            }
            state = TopKeys.press(state, pressed.key(), data, page);
            source.wantContexts(state.view() == TopView.contexts);
            return true;
        }
        if (event instanceof Resized) {
            TimeUnit.MILLISECONDS.sleep(RESIZE_MS);
            events.removeIf(Resized.class::isInstance);
            screen.resized();
            return true;
        }
        if (event instanceof Failed failed) {
            throw failed.failure();
        }
        if (event instanceof Silent silent) {
            notice = silent.notice();
            return true;
        }
        boolean hold = state.paused() && data != null;
        if (hold && state.view() == TopView.contexts && data.contexts() == null) {
            data = data.with(((Asked) event).data().contexts()); // nobody had asked for them when it was held
            return true;
        }
        data = hold ? data : ((Asked) event).data();
        notice = null;
        return !hold;
    }

    private void draw(TopScreen screen) {
        TopFrame frame = TopFrame.of(data, screen.width(), screen.height(), state, notice);
        page = frame.page();
        screen.draw(frame);
    }

    /** The life of the thread that asks. */
    private void ask() {
        try {
            source.run(asked -> events.add(new Asked(asked)), silent -> events.add(new Silent(silent)));
        } catch (RuntimeException failure) {
            events.add(new Failed(failure));
        }
    }

    private static void daemon(String name, Runnable life) {
        Thread thread = new Thread(life, name);
        thread.setDaemon(true);
        thread.start();
    }
}
