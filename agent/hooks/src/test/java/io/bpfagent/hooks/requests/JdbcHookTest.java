package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With H2, which calls back: a function of the database's tells what it runs in. */
public class JdbcHookTest {
    private static final List<String> SEEN = new ArrayList<>();

    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    /** Called by the database. */
    public static int look(Connection connection) throws SQLException {
        SEEN.add(Woven.path());
        try (Statement nested = connection.createStatement()) {
            nested.execute("select 1 from nested");
        }
        return 1;
    }

    @Test
    void namesStatements() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:hooks")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table jdbc_orders(id int primary key, x int)");
                statement.execute("create table nested(id int)");
                statement.execute("create alias look for '" + JdbcHookTest.class.getName() + ".look'");
                for (int i = 0; i < 23; i++) {
                    statement.executeUpdate("insert into jdbc_orders values (" + i + ", 0)");
                }
                statement.addBatch("update jdbc_orders set x = 1");
                statement.addBatch("update jdbc_orders set x = 2");
                statement.executeBatch();
                assertThrows(SQLException.class, () -> statement.execute("select * from jdbc_missing"));
            }
            try (PreparedStatement look = connection.prepareStatement("select look() from jdbc_orders where id = ?");
                    PreparedStatement delete = connection.prepareStatement("delete from jdbc_orders where id = ?");
                    CallableStatement call = connection.prepareCall("{call look()}")) {
                for (int i = 0; i < 7; i++) {
                    look.setInt(1, i);
                    try (ResultSet result = look.executeQuery()) {
                        assertTrue(result.next());
                    }
                    delete.setInt(1, i);
                    assertEquals(1, delete.executeUpdate());
                }
                call.execute();
            }
            connection.setAutoCommit(false);
            connection.commit();
            connection.rollback();
        }
        assertEquals("", Woven.path());
        assertEquals("select jdbc_orders", SEEN.get(0));
        assertEquals("call look", SEEN.get(SEEN.size() - 1));
        assertEquals(23, woven.entered("insert jdbc_orders"));
        assertEquals(1, woven.entered("update jdbc_orders"));
        assertEquals(1, woven.entered("select jdbc_missing"));
        assertEquals(7, woven.entered("select jdbc_orders"));
        assertEquals(7, woven.entered("delete jdbc_orders"));
        assertEquals(1, woven.entered("call look"));
        assertEquals(0, woven.entered("select nested"));
        assertTrue(woven.entered("commit") >= 1);
        assertEquals(1, woven.entered("rollback"));
        assertEquals(2, woven.entered("create table"));
        assertTrue(woven.report("jdbc").classes() >= 3);
    }
}
