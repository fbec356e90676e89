package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RouteNamesTest {
    private static final NameTable NAMES = new NameTable(ContextRuntime.REQUEST, new RouteNames());

    private static String route(String path) {
        String name = NAMES.name("GET", path);
        assertTrue(name.startsWith("GET "), name);
        return name.substring("GET ".length());
    }

    @Test
    void leavesWordsAsTheyAre() {
        assertEquals("/", route("/"));
        assertEquals("/orders", route("/orders"));
        assertEquals("/Orders/New/", route("/Orders/New/"));
        assertEquals("/static/jquery.min.js", route("/static/jquery.min.js"));
        assertEquals("/a-b_c.d:e@f,g", route("/a-b_c.d:e@f,g"));
        assertEquals("//x//y", route("//x//y"));
    }

    @Test
    void putsAStarForDigits() {
        assertEquals("/orders/*", route("/orders/4711"));
        assertEquals("/orders/*/items/*/", route("/orders/4711/items/3/"));
        assertEquals("/report-*-*.pdf", route("/report-2026-11.pdf"));
        assertEquals("/order*", route("/order17"));
        assertEquals("/a*b*c", route("/a1b22c"));
    }

    @Test
    void leavesVersions() {
        assertEquals("/api/v1/orders/*", route("/api/v1/orders/1"));
        assertEquals("/v12", route("/v12"));
        assertEquals("/v*", route("/v1234"));
        assertEquals("/w*", route("/w1"));
        assertEquals("/v*.*", route("/v1.2"));
    }

    @Test
    void putsAStarForKeys() {
        assertEquals("/orders/*", route("/orders/" + UUID.randomUUID()));
        assertEquals("/orders/*.json", route("/orders/" + UUID.randomUUID() + ".json"));
        assertEquals("/orders/*", route("/orders/F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"));
        assertEquals("/commit/*", route("/commit/3f786850e387550fdab836ed7e6dc881de23001b"));
        assertEquals("/commit/*", route("/commit/deadbee1"));
        assertEquals("/doc/*", route("/doc/507f1f77bcf86cd799439011"));
        assertEquals("/x/*", route("/x/abcdefabcdefabcd"));
        assertEquals("/s/*", route("/s/01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        assertEquals("/s/*.*", route("/s/eyJhbGciOi1JIUzI1NiI9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"));
        assertEquals("/decade", route("/decade"));
    }

    @Test
    void putsAStarForTexts() {
        assertEquals("/search/*", route("/search/caf%C3%A9"));
        assertEquals("/search/*/more", route("/search/a%20b/more"));
        assertEquals("/search/*", route("/search/caf\u00e9"));
        assertEquals("/search/*", route("/search/a b"));
        assertEquals("/*", route("/\u0000\n"));
        assertEquals("/*/x", route("/" + "a".repeat(65) + "/x"));
    }

    @Test
    void leavesOutWhatIsNotThePath() {
        assertEquals("/orders", route("/orders?id=1"));
        assertEquals("/orders", route("/orders#top"));
        assertEquals("/orders/list", route("/orders;jsessionid=A1B2/list;x=y"));
        assertEquals("/orders", route("http://localhost:8080/orders?x=http://y"));
        assertEquals("/", route("http://localhost:8080"));
        assertEquals("/", route(""));
        assertEquals("/", route("?x"));
        assertEquals("*", route("*"));
        assertEquals("/localhost:*", route("localhost:8080"));
    }

    @Test
    void takesOnlyMethodsThatLookLikeSome() {
        assertEquals("PROPFIND /", NAMES.name("PROPFIND", "/"));
        assertEquals("? /", NAMES.name("", "/"));
        assertEquals("? /", NAMES.name("GETS", "/"));
        assertEquals("? /", NAMES.name("get", "/"));
        assertEquals("? /", NAMES.name("GE T", "/"));
        assertEquals("? /", NAMES.name("A".repeat(17), "/"));
    }

    @Test
    void cutsNamesThatHaveNoEnd() {
        assertEquals(NameTable.MOST_CHARACTERS, NAMES.name("GET", "/abc".repeat(10_000)).length());
    }

    /** Whatever the path: the name is short and can be printed, and has digits in versions only. */
    @Test
    void namesAnyPath() {
        Random random = new Random(23);
        String[] parts = {"/", "/", "a", "Z", "orders", "1", "42", "-", ".", ";", "?", "#", "%", "%2F", "\u20ac",
            "\n", "v1", "://", "*", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "deadbeef01", "_", "x".repeat(70)};
        for (int i = 0; i < 100_000; i++) {
            StringBuilder path = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                path.append(parts[random.nextInt(parts.length)]);
            }
            String name = NAMES.name("GET", path.toString());
            assertTrue(name.length() <= NameTable.MOST_CHARACTERS, name);
            assertTrue(name.chars().allMatch(c -> c >= ' ' && c < 127), name);
            assertFalse(name.replaceAll("/v[0-9]{1,3}(?=/|$)", "").matches(".*[0-9].*"), () -> path + " -> " + name);
        }
    }

    /** Requests of one route with any numbers have one name. */
    @Test
    void doesNotDependOnNumbers() {
        Random random = new Random(29);
        for (int i = 0; i < 10_000; i++) {
            String path = "/shops/" + random.nextInt(1 << random.nextInt(31)) + "/orders/" + new UUID(random.nextLong(),
                    random.nextLong()) + "/blobs/" + String.format("%016x", random.nextLong());
            assertEquals("/shops/*/orders/*/blobs/*", route(path));
        }
    }
}
