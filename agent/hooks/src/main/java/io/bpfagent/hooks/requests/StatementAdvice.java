package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Statements;
import net.bytebuddy.asm.Advice;

/** A statement of JDBC that is executed with its text. */
final class StatementAdvice {
    private StatementAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) String sql) {
        return Statements.enter(sql);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long entry) {
        Entries.leave(entry);
    }

    /** One that was prepared, or a batch. */
    static final class Prepared {
        private Prepared() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.This Object statement) {
            return Statements.enterPrepared(statement);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Entries.leave(entry);
        }
    }

    /** A batch is called after the last statement in it. */
    static final class AddBatch {
        private AddBatch() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object statement, @Advice.Argument(0) String sql) {
            Statements.prepared(statement, sql);
        }
    }

    /** A connection prepares a statement. */
    static final class Prepare {
        private Prepare() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Argument(0) String sql, @Advice.Return Object statement) {
            Statements.prepared(statement, sql);
        }
    }

    /** A connection ends a transaction. */
    static final class Commit {
        private Commit() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter() {
            return Statements.enter("commit");
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Entries.leave(entry);
        }
    }

    /** A connection takes a transaction back. */
    static final class Rollback {
        private Rollback() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter() {
            return Statements.enter("rollback");
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Entries.leave(entry);
        }
    }
}
