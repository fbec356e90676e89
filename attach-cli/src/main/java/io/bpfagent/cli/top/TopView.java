package io.bpfagent.cli.top;

/** What the rows of a frame are. */
public enum TopView {
    pools('1'), threads('2'), pauses('3'), events('4'), contexts('c');

    private final char key;

    TopView(char key) {
        this.key = key;
    }

    /** That goes there. */
    char key() {
        return key;
    }

    /** Whether its rows are shares of time. */
    boolean isOfUsages() {
        return this == pools || this == threads || this == contexts;
    }
}
