package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatementNamesTest {
    private static final NameTable NAMES = new NameTable(ContextRuntime.STATEMENT, new StatementNames());

    private static String kind(String sql) {
        return NAMES.name(sql, "");
    }

    @Test
    void namesTheTableOfASelect() {
        assertEquals("select orders", kind("select * from orders"));
        assertEquals("select orders", kind("  SELECT id, sum(x) FROM Orders WHERE id = ?"));
        assertEquals("select orders", kind("select a.* from shop.\"Orders\" a join items b on a.id = b.id"));
        assertEquals("select orders", kind("select extract(year from day), trim(both from x) from orders"));
        assertEquals("select orders", kind("select (select max(id) from items) from orders"));
        assertEquals("select items", kind("select * from (select * from items) x, orders"));
        assertEquals("select items", kind("select * from ((select a from items) union (select a from b))"));
        assertEquals("select orders", kind("(select a from orders) union (select b from items)"));
        assertEquals("select orders", kind("select 'from x', \"from\", /* from y */ 1 -- from z\n from orders"));
        assertEquals("select orders", kind("select 'it''s from x' from only orders"));
        assertEquals("select my orders", kind("select * from [shop].[My Orders]"));
        assertEquals("select orders", kind("select * from db..orders"));
        assertEquals("select orders_*", kind("select * from orders_202611"));
        assertEquals("select", kind("select 1"));
        assertEquals("select", kind("select * from ?"));
        assertEquals("select", kind("select * from (values (1)) x"));
    }

    @Test
    void namesTheTableThatIsChanged() {
        assertEquals("insert orders", kind("insert into orders(id) values (?)"));
        assertEquals("insert orders", kind("insert ignore into orders select * from items"));
        assertEquals("insert orders", kind("INSERT orders VALUES (1)"));
        assertEquals("replace orders", kind("replace into orders values (1)"));
        assertEquals("merge orders", kind("merge into orders using items on (a = b)"));
        assertEquals("update orders", kind("update orders set x = (select y from items)"));
        assertEquals("update orders", kind("update only `orders` set x = 1"));
        assertEquals("delete orders", kind("delete from orders where id = ?"));
        assertEquals("delete orders", kind("delete orders where id = ?"));
        assertEquals("truncate orders", kind("truncate table orders"));
    }

    @Test
    void findsTheStatementBehindWith() {
        assertEquals("select x", kind("with x as (select * from items) select * from x"));
        assertEquals("insert orders", kind("with recursive x(a) as (values (1)) insert into orders select * from x"));
        assertEquals("sql", kind("with x as (select"));
    }

    @Test
    void namesOtherStatementsByTheirVerb() {
        assertEquals("commit", kind("commit"));
        assertEquals("rollback", kind("ROLLBACK TO SAVEPOINT a"));
        assertEquals("set", kind("set x = 1"));
        assertEquals("create table", kind("create table if not exists orders(id int)"));
        assertEquals("create index", kind("create unique index i on orders(id)"));
        assertEquals("drop view", kind("DROP VIEW v"));
        assertEquals("call place_order", kind("{? = call shop.place_order(?)}"));
        assertEquals("call f", kind("call f(1)"));
        assertEquals("call", kind("{ts '2026-11-21'}"));
        assertEquals("sql", kind(""));
        assertEquals("sql", kind("'"));
        assertEquals("sql", kind("whatever this is"));
    }

    @Test
    void namesAnythingAndEnds() {
        Random random = new Random(31);
        String[] parts = {"select", "from", "insert", "into", "update", "delete", "with", "as", "(", ")", "'", "\"",
            "`", "[", "]", "--", "\n", "/*", "*/", ".", ",", ";", "?", "$$", " ", "orders", "Items2", "\u20ac",
            "\u0000", "{", "}", "call", "create", "table", "\\"};
        for (int i = 0; i < 200_000; i++) {
            StringBuilder sql = new StringBuilder();
            for (int n = random.nextInt(15); n > 0; n--) {
                sql.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
            }
            String name = kind(sql.toString());
            assertTrue(!name.isEmpty() && name.length() < NameTable.MOST_CHARACTERS, name);
            assertTrue(name.chars().noneMatch(c -> c < ' ' || c >= '0' && c <= '9'), () -> sql + " -> " + name);
        }
    }

    @Test
    void readsNoFurtherThanItMust() {
        assertEquals("select", kind("select " + "a, ".repeat(100_000) + "b from orders"));
        assertEquals("select orders", kind("select " + "a, ".repeat(5_000)
                + "b from orders where id in (" + "?,".repeat(100_000)));
    }

    /** Marks that are never closed, in a text of which only the beginning is looked at. */
    @Test
    void takesNoLongerForALongText() {
        for (String mark : new String[] {"[", "\"", "`", "(", "'", "/*", "$$", "--"}) {
            String text = "select a from " + mark.repeat(4_000_000);
            assertTimeout(Duration.ofSeconds(1), () -> NAMES.name(text, ""), mark);
        }
    }
}
