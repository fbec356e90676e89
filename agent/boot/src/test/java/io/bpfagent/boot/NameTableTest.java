package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private static final int ROUNDS = 20_000;
    private final NameTable requests = new NameTable(ContextRuntime.REQUEST, new RouteNames());
    private final NameTable statements = new NameTable(ContextRuntime.STATEMENT, new StatementNames());

    @Test
    void findsANameAgain() {
        int orders = requests.context("GET", "/name-table/orders/1");
        assertEquals("GET /name-table/orders/*", ContextRuntime.name(orders));
        assertEquals(ContextRuntime.REQUEST, ContextRuntime.kind(orders));
        assertEquals(orders, requests.context("GET", "/name-table/orders/4711?x=y"));
        assertNotEquals(orders, requests.context("POST", "/name-table/orders/1"));
        assertNotEquals(orders, requests.context("GET", "/name-table/orders"));
        assertNotEquals(orders, requests.context("GET", "/name-table/orders/1/"));
        int select = statements.context("select * from name_table", "");
        assertEquals("select name_table", ContextRuntime.name(select));
        assertEquals(ContextRuntime.STATEMENT, ContextRuntime.kind(select));
        assertEquals(select, statements.context("SELECT id FROM Name_Table WHERE id = 23", ""));
    }

    /** Another table, as another agent's hooks would have: the number is the name's and not the table's. */
    @Test
    void givesTheNumberOfTheName() {
        assertEquals(new NameTable(ContextRuntime.REQUEST, new RouteNames()).context("GET", "/name-table/same"),
                requests.context("GET", "/name-table/same"));
    }

    @Test
    void allocatesNothingForAKnownName() {
        look();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        look();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < ROUNDS, () -> allocated + " bytes in " + ROUNDS + " rounds");
    }

    private void look() {
        for (int i = 0; i < ROUNDS; i++) {
            requests.context("GET", "/name-table/orders/f81d4fae-7dec-11d0-a765-00a0c91e6bf6/items/17;a=b?c=d");
            statements.context("select a, b from name_table join other on a = b where c = 'd'", "");
        }
    }
}
