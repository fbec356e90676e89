package io.bpfagent.cli.top;

import io.bpfagent.cli.jvm.Sleep;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.KeyEvent;
import org.jline.terminal.KeyParser;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Curses;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Signals;

/**
 * The terminal as a full screen, of JLine with its provider {@code exec}: that one runs stty and loads no native code,
 * of which newer Java warns.
 *
 * <p>Guarantees: whatever ends the command but SIGKILL (a key, an exception, SIGTERM, SIGHUP), the terminal is then as
 * it was: main screen, cursor, echo and lines. What is drawn after that is not drawn. Any thread draws; one reads keys.
 */
final class TopScreen implements AutoCloseable {

    /** Between the characters of one key; a person is slower. */
    private static final long ESCAPE_MS = 50;
    private static final long LOOK_MS = 5;
    private static final int ESCAPE = 0x1b;
    private static final int LONGEST_SEQUENCE = 64;
    /** Of a terminal that does not tell: what everybody can show. */
    private static final Size USUAL = new Size(80, 24);

    private final Terminal terminal;
    private final Attributes before;
    /** What is on the screen, line by line; empty when that is not known. */
    private List<AttributedString> drawn = List.of();
    private final boolean colours;
    /** Sent at the end: plain characters, a visible cursor, the main screen. */
    private final String mainScreen;
    private final Thread hook = new Thread(this::restore, "top-restores");
    private Size size;
    private boolean restored;

    /**
     * Takes the screen.
     *
     * @param colours whether any may be used
     * @throws IOException where there is no terminal that can do it
     */
    TopScreen(boolean colours) throws IOException {
        terminal = TerminalBuilder.builder().name("attach-cli").system(true).provider("exec").dumb(false)
            .nativeSignals(false).graphemeCluster(false).build();
        this.colours = colours && terminal.getNumericCapability(Capability.max_colors) != null
            && terminal.getNumericCapability(Capability.max_colors) >= 8;
        mainScreen = sequence(Capability.exit_attribute_mode) + sequence(Capability.cursor_normal)
            + sequence(Capability.exit_ca_mode);
        before = terminal.getAttributes();
        Runtime.getRuntime().addShutdownHook(hook);
        terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // All keys come as characters, Ctrl-C too; and a read waits for one instead of looking ten times a second.
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        raw.setControlChar(Attributes.ControlChar.VMIN, 1);
        raw.setControlChar(Attributes.ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        resized();
    }

    private String sequence(Capability capability) {
        String sequence = terminal.getStringCapability(capability);
        return sequence == null ? "" : Curses.tputs(sequence);
    }

    /**
     * Says when the window gets another size; on a thread of the JVM's own. The terminal itself takes no signals: it
     * would give SIGINT and SIGTSTP to the kernel's default, which restores nothing.
     */
    void onResize(Runnable told) {
        Signals.register("WINCH", told);
    }

    /** Looks how large the window is now, and draws all anew next time. */
    synchronized void resized() {
        if (restored) {
            return;
        }
        Size now = terminal.getSize();
        size = now.getColumns() > 0 && now.getRows() > 0 ? now : USUAL;
        drawn = List.of();
        terminal.puts(Capability.clear_screen);
        terminal.flush();
    }

    synchronized int width() {
        return size.getColumns();
    }

    synchronized int height() {
        return size.getRows();
    }

    /**
     * Shows a frame of this size; only lines that differ from those before are sent. JLine's own Display would send
     * less, but first asks the terminal what it can do, and the answers come as keys.
     */
    synchronized void draw(TopFrame frame) {
        if (restored) {
            return;
        }
        List<AttributedString> lines = new ArrayList<>();
        for (Line line : frame.lines()) {
            lines.add(attributed(line));
        }
        while (lines.size() < size.getRows()) {
            lines.add(AttributedString.EMPTY);
        }
        for (int row = 0; row < size.getRows(); row++) {
            if (row >= drawn.size() || !lines.get(row).equals(drawn.get(row))) {
                terminal.puts(Capability.cursor_address, row, 0);
                terminal.writer().print(lines.get(row).toAnsi(terminal));
                if (lines.get(row).columnLength() < size.getColumns()) {
                    terminal.puts(Capability.clr_eol);
                }
            }
        }
        terminal.flush();
        drawn = lines;
    }

    private AttributedString attributed(Line line) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        for (Line.Piece piece : line.pieces()) {
            AttributedStyle style = style(piece.style());
            text.styled(line.isSelected() ? style.inverse() : style, piece.text());
        }
        if (line.isSelected()) {
            text.styled(AttributedStyle.DEFAULT.inverse(), " ".repeat(Math.max(0, size.getColumns() - line.width())));
        }
        return text.toAttributedString();
    }

    private AttributedStyle style(Style style) {
        AttributedStyle plain = AttributedStyle.DEFAULT;
        if (!colours) {
            return switch (style) {
                case TITLE, KEY, WARN -> plain.bold();
                case HEAD -> plain.inverse();
                default -> plain;
            };
        }
        return switch (style) {
            case TITLE -> plain.bold();
            case HEAD -> plain.inverse();
            case KEY -> plain.bold().foreground(AttributedStyle.CYAN);
            case DIM -> plain.faint();
            case WARN -> plain.bold().foreground(AttributedStyle.YELLOW);
            case RUNNING -> plain.foreground(AttributedStyle.GREEN);
            case RUNNABLE -> plain.bold().foreground(AttributedStyle.RED);
            case LOCK -> plain.foreground(AttributedStyle.MAGENTA);
            case DISK -> plain.foreground(AttributedStyle.YELLOW);
            case MEMORY -> plain.foreground(AttributedStyle.RED);
            case NETWORK -> plain.foreground(AttributedStyle.CYAN);
            case IDLE -> plain.faint();
            default -> plain;
        };
    }

    /**
     * Tells each key until the terminal is gone, which is a key too: {@link Key.Kind#INTERRUPT}. Not from JLine's
     * reader: that holds a lock while it waits for a key, for which closing the terminal would wait too.
     */
    void readKeys(Consumer<Key> told) {
        Reader keys = new InputStreamReader(new FileInputStream(FileDescriptor.in), terminal.encoding());
        try {
            for (int read = keys.read(); read >= 0; read = keys.read()) {
                told.accept(key(read, keys));
            }
        } catch (IOException closed) {
            // told below
        }
        told.accept(Key.of(Key.Kind.INTERRUPT));
    }

    private static Key key(int first, Reader keys) throws IOException {
        StringBuilder sequence = new StringBuilder().append((char) first);
        if (first == ESCAPE) {
            int next = readSoon(keys);
            while (next >= 0) {
                sequence.append((char) next);
                boolean begins = sequence.length() == 2 && (next == '[' || next == 'O');
                if (!begins && next >= 0x40 || sequence.length() >= LONGEST_SEQUENCE) {
                    break;
                }
                next = readSoon(keys);
            }
        } else if (Character.isHighSurrogate((char) first)) {
            int low = readSoon(keys);
            return low < 0 ? Key.of(Key.Kind.OTHER)
                : new Key(Key.Kind.CHARACTER, Character.toCodePoint((char) first, (char) low));
        }
        return key(sequence.toString());
    }

    /** The next character if it comes at once; else -1. */
    private static int readSoon(Reader keys) throws IOException {
        for (long waitedMs = 0; !keys.ready(); waitedMs += LOOK_MS) {
            if (waitedMs >= ESCAPE_MS) {
                return -1;
            }
            Sleep.ms(LOOK_MS);
        }
        return keys.read();
    }

    /** The meaning of what the terminal sends for one key. */
    static Key key(String sequence) {
        switch (sequence) {
            case "\u0003":
                return Key.of(Key.Kind.INTERRUPT);
            case "\f":
                return Key.of(Key.Kind.REDRAW);
            case "\r", "\n":
                return Key.of(Key.Kind.ENTER);
            case "\b":
                return Key.of(Key.Kind.BACKSPACE);
            case "\u001bOA":
                return Key.of(Key.Kind.UP);
            case "\u001bOB":
                return Key.of(Key.Kind.DOWN);
            case "\u001b[1~", "\u001b[7~", "\u001bOH":
                return Key.of(Key.Kind.HOME);
            case "\u001b[4~", "\u001b[8~", "\u001bOF":
                return Key.of(Key.Kind.END);
            default:
                return key(KeyParser.parse(sequence));
        }
    }

    private static Key key(KeyEvent event) {
        return switch (event.getType()) {
            case Character -> event.getModifiers().isEmpty() && !Character.isISOControl(event.getCharacter())
                ? Key.of(event.getCharacter()) : Key.of(Key.Kind.OTHER);
            case Arrow -> switch (event.getArrow()) {
                case Up -> Key.of(Key.Kind.UP);
                case Down -> Key.of(Key.Kind.DOWN);
                default -> Key.of(Key.Kind.OTHER);
            };
            case Special -> switch (event.getSpecial()) {
                case Enter -> Key.of(Key.Kind.ENTER);
                case Escape -> Key.of(Key.Kind.ESCAPE);
                case Backspace, Delete -> Key.of(Key.Kind.BACKSPACE);
                case Tab -> Key.of(Key.Kind.TAB);
                case Home -> Key.of(Key.Kind.HOME);
                case End -> Key.of(Key.Kind.END);
                case PageUp -> Key.of(Key.Kind.PAGE_UP);
                case PageDown -> Key.of(Key.Kind.PAGE_DOWN);
                default -> Key.of(Key.Kind.OTHER);
            };
            default -> Key.of(Key.Kind.OTHER);
        };
    }

    /** Whether the JVM is: then JLine's own hook may have closed the terminal already, and drawing on it fails. */
    static boolean isEnding() {
        try {
            Runtime.getRuntime().removeShutdownHook(new Thread("none"));
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }

    /** Gives the screen back. Twice is harmless. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            terminal.close();
        } catch (IOException | IllegalStateException ending) {
            // What matters is done.
        }
    }

    /** At the end of the JVM too, beside JLine's own hook: so nothing of JLine is used that may be closed by then. */
    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        try {
            // Not closed: it is the standard output.
            new FileOutputStream(FileDescriptor.out).write(mainScreen.getBytes(StandardCharsets.US_ASCII));
            terminal.setAttributes(before);
        } catch (IOException | RuntimeException gone) {
            // The terminal is gone, and with it what was to be restored.
        }
    }
}
