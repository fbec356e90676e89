package io.bpfagent.cli.top;

import io.bpfagent.cli.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One line of a frame: pieces of text, each with its style. */
final class Line {

    /** Text of one style. */
    record Piece(String text, Style style) {
    }

    private final List<Piece> pieces = new ArrayList<>();
    private boolean selected;

    /** A line with this text in one style. */
    static Line of(String text, Style style) {
        return new Line().add(text, style);
    }

    /** Whatever it is made of: what would steer the terminal is taken out of it. */
    Line add(String text, Style style) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(SafeText.of(text), style));
        }
        return this;
    }

    Line add(String text) {
        return add(text, Style.PLAIN);
    }

    /** Marks it as the row on which the cursor is. */
    Line select(boolean select) {
        selected = select;
        return this;
    }

    boolean isSelected() {
        return selected;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** How many cells it takes. */
    int width() {
        return pieces.stream().mapToInt(piece -> Cells.width(piece.text())).sum();
    }

    /** The same where it fits; else its beginning, with ".." at the end of so many cells. */
    Line cut(int cells) {
        if (width() <= cells) {
            return this;
        }
        String end = cells > 10 ? ".." : "";
        Line cut = new Line().select(selected);
        int left = cells - end.length();
        for (Piece piece : pieces) {
            String text = Cells.start(piece.text(), left);
            cut.add(text, piece.style());
            left -= Cells.width(text);
            if (text.length() < piece.text().length()) {
                break;
            }
        }
        return cut.add(end, Style.DIM);
    }

    /** Without styles and without blanks at the end. */
    String plain() {
        return pieces.stream().map(Piece::text).collect(Collectors.joining()).stripTrailing();
    }
}
