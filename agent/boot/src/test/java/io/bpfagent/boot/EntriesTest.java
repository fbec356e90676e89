package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the hooks of servers, drivers and consumers call. */
class EntriesTest {
    @BeforeEach
    void install() {
        ContextRuntime.install(ByteBuffer.allocateDirect(ContextSlot.SIZE), () -> 0, 0);
    }

    @AfterEach
    void uninstall() {
        ContextRuntime.uninstall();
    }

    /** From the outermost context to the innermost. */
    private static String path() {
        String path = "";
        for (int node = (int) ContextRuntime.current(); node != 0; node = ContextRuntime.parentOf(node)) {
            path = "/" + ContextRuntime.name(ContextRuntime.contextOf(node)) + path;
        }
        return path;
    }

    @Test
    void countARequestOnce() {
        long filter = Requests.enter("GET", "/entries/1");
        long servlet = Requests.enter("GET", "/entries/other");
        assertEquals("/GET /entries/*", path());
        assertEquals(Entries.NONE, servlet);
        long outer = Statements.enter("select * from entries");
        long inner = Statements.enter("select * from entries2");
        assertEquals("/GET /entries/*/select entries", path());
        Entries.leave(inner);
        Entries.leave(outer);
        assertEquals("/GET /entries/*", path());
        Entries.leave(servlet);
        assertEquals("/GET /entries/*", path());
        Entries.leave(filter);
        assertEquals("", path());
    }

    @Test
    void takeNulls() {
        Entries.leave(Requests.enter(null, null));
        Entries.leave(Statements.enter(null));
        Statements.prepared(null, null);
        Entries.leave(Statements.enterPrepared(null));
        Requests.complete(null);
        assertEquals("", path());
    }

    @Test
    void doNothingWithoutAnAgent() {
        ContextRuntime.uninstall();
        assertEquals(Entries.NONE, Requests.enter("GET", "/entries"));
        assertEquals(Entries.NONE, Statements.enter("select 1"));
        assertEquals(Entries.NONE, Handovers.begin(new Object()));
        Handovers.idle();
    }

    @Test
    void knowWhatWasPrepared() {
        Object statement = new Object();
        Statements.prepared(statement, "update entries set x = ?");
        for (int i = 0; i < 3; i++) {
            long entry = Statements.enterPrepared(statement);
            assertEquals("/update entries", path());
            Entries.leave(entry);
        }
        long entry = Statements.enterPrepared(new Object());
        assertEquals("/sql", path());
        Entries.leave(entry);
    }

    @Test
    void goOnWithARequestThatComesInParts() {
        Object connection = new Object();
        long head = Requests.enterOn(connection, "POST", "/entries/parts");
        assertEquals("/POST /entries/parts", path());
        Entries.leave(head);
        assertEquals("", path());
        long content = Requests.goOn(connection);
        assertNotEquals(Entries.NONE, content);
        assertEquals(Entries.NONE, Requests.enterOn(connection, "POST", "/entries/parts"));
        assertEquals("/POST /entries/parts", path());
        Entries.leave(content);
        Requests.complete(connection);
        assertEquals(Entries.NONE, Requests.goOn(connection));
        assertEquals("", path());
    }

    @Test
    void nameAPollByItsTopics() {
        Object consumer = new Object();
        assertEquals(-1, Polls.context(consumer));
        assertEquals("poll", ContextRuntime.name(Polls.named(consumer, Set.of())));
        assertEquals(-1, Polls.context(consumer));
        assertEquals("poll a-topic +2", ContextRuntime.name(Polls.named(consumer, Set.of("c", "a-topic", "b"))));
        long entry = Polls.enter(Polls.context(consumer));
        assertEquals("/poll a-topic +2", path());
        Entries.leave(entry);
        Polls.forget(consumer);
        assertEquals(-1, Polls.context(consumer));
        assertEquals("poll b", ContextRuntime.name(Polls.named(consumer, Set.of("b"))));
    }

    /** Nobody would see them. */
    @Test
    void makeNoNamesForThreadsThatAreNotCounted() {
        ContextRuntime.install(ByteBuffer.allocateDirect(ContextSlot.SIZE), () -> -1, 0);
        int contexts = ContextRuntime.contexts();
        long without = ContextRuntime.withoutRow();
        assertEquals(Entries.NONE, Requests.enter("GET", "/entries/uncounted"));
        assertEquals(Entries.NONE, Statements.enter("select * from entries_uncounted"));
        assertEquals(Entries.NONE, Statements.enterPrepared(new Object()));
        assertEquals(contexts, ContextRuntime.contexts());
        assertEquals(without + 3, ContextRuntime.withoutRow());
    }
}
