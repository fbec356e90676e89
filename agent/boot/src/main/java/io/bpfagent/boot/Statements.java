package io.bpfagent.boot;

/**
 * Contexts of statements for databases, for hooks in JDBC drivers: {@code select orders}.
 *
 * <p>Each {@code enter} is to be followed by {@link Entries#leave} on the same thread. None of them throws.
 */
public final class Statements {
    private static final NameTable NAMES = new NameTable(ContextRuntime.STATEMENT, new StatementNames());
    /** What is prepared: 384 KiB, so that the statements that pools of connections keep have their places. */
    private static final IdentityTable PREPARED = new IdentityTable(15);

    private Statements() {}

    /** Begins a statement of which the text is at hand, unless the thread is in one already. */
    public static long enter(String sql) {
        if (!ContextRuntime.isCounted()) {
            return Entries.uncounted();
        }
        return Entries.isIn(ContextRuntime.STATEMENT) ? Entries.NONE : Entries.enter(context(sql));
    }

    /** Begins a statement that was prepared; one that was before there were hooks is {@code sql}. */
    public static long enterPrepared(Object statement) {
        if (!ContextRuntime.isCounted()) {
            return Entries.uncounted();
        }
        if (Entries.isIn(ContextRuntime.STATEMENT)) {
            return Entries.NONE;
        }
        int context = PREPARED.touch(statement);
        return Entries.enter(context < 0 ? context("") : context);
    }

    /** That is what this statement will do. */
    public static void prepared(Object statement, String sql) {
        if (statement != null) {
            PREPARED.set(statement, context(sql));
        }
    }

    private static int context(String sql) {
        return NAMES.context(sql == null ? "" : sql, "");
    }
}
