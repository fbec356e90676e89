package io.bpfagent.cli.top;

/**
 * A key that was pressed.
 *
 * @param character what was typed with {@link Kind#CHARACTER}, else 0
 */
record Key(Kind kind, int character) {

    /** What kind of key. */
    enum Kind { CHARACTER, UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END, ENTER, ESCAPE, BACKSPACE, TAB, INTERRUPT, REDRAW,
        OTHER }

    static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    static Key of(char character) {
        return new Key(Kind.CHARACTER, character);
    }
}
