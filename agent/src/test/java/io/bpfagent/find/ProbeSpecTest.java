package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.find.Condition.Operator;
import io.bpfagent.find.ProbeSpec.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProbeSpecTest {
    private static final String[] WORDS = {"a", "gc__begin", "G1Heap", "x1", "_Z3foov", "Foo<>"};

    private static ProbeSpec parse(String text) throws ProbeException {
        return ProbeSpec.parse("mine", text);
    }

    @Test
    void readsEveryKind() throws Exception {
        assertEquals(new ProbeSpec("mine", Kind.USDT, "libjvm", "hotspot:method__compile__begin",
                "hotspot:method__compile__end", null, 0, false),
                parse("usdt:libjvm:hotspot:method__compile__begin..method__compile__end"));
        assertEquals(parse("usdt:libjvm:hotspot:a..hotspot:b"), parse("usdt:libjvm:hotspot:a..b"));
        assertEquals("hs_private:b", parse("usdt:libjvm:hotspot:a..hs_private:b").end());
        assertEquals(new ProbeSpec("mine", Kind.UPROBE, "libjvm", "G1CollectedHeap::collect", null, null, 0, true),
                parse("uprobe:libjvm:G1CollectedHeap::collect slow-site=yes"));
        assertEquals(new ProbeSpec("mine", Kind.UPROBE, "/opt/lib.so", "a::b", "c::~c", null, 0, false),
                parse("uprobe:/opt/lib.so:a::b..c::~c"));
        assertEquals(new ProbeSpec("mine", Kind.TRACEPOINT, "block", "block_rq_issue", null, null, 0, false),
                parse("  tp:block:block_rq_issue "));
        assertEquals("(anonymous)::f", parse("uprobe:libjvm:(anonymous)::f").begin());
        assertNull(parse("tp:block:block_rq_issue").end());
    }

    @Test
    void readsTheWordsBehindInAnyOrder() throws Exception {
        ProbeSpec spec = parse("uprobe:libc.so.6:getaddrinfo arg1>4096 value=arg2 slow-site=yes");
        assertEquals(new Condition(1, Operator.GREATER, 4096), spec.condition());
        assertEquals(2, spec.valueArgument());
        assertTrue(spec.slowSite());
        assertEquals(spec, parse("uprobe:libc.so.6:getaddrinfo slow-site=yes value=arg2\targ1>4096"));
        assertEquals(parse("uprobe:a:b"), parse("uprobe:a:b slow-site=no"));
    }

    @ParameterizedTest
    @CsvSource({"arg1<1, LESS, 1", "arg1<=-1, LESS_OR_EQUAL, -1", "arg1>0x10, GREATER, 16",
        "arg1>=0, GREATER_OR_EQUAL, 0", "arg1==9223372036854775807, EQUAL, 9223372036854775807",
        "arg1!=-9223372036854775808, NOT_EQUAL, -9223372036854775808"})
    void readsConditions(String text, Operator operator, long constant) throws Exception {
        assertEquals(new Condition(1, operator, constant), parse("tp:a:b " + text).condition());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|a probe must be",
        "libjvm|a probe must be",
        "usdt|a probe must be",
        "kprobe:vfs_read|a probe must be",
        "kprobe:a:b|a probe must be",
        "uprobe:libjvm|a probe must be",
        "uprobe::f|a probe must be",
        "uprobe:libjvm:|a probe must be",
        "uprobe:libjvm:a..|a probe must be",
        "uprobe:libjvm:..b|a probe must be",
        "uprobe:libjvm:a..b..c|a probe must be",
        "usdt:libjvm:gc__begin|a probe must be",
        "usdt:libjvm::gc__begin|a probe must be",
        "usdt:libjvm:hotspot:|a probe must be",
        "usdt:libjvm:a:b:c|a probe must be",
        "tp:block:a:b|a probe must be",
        "uprobe:libjvm:A::b(int)|a C++ function must be named without",
        "uprobe:libjvm:A::b(int, long)|a C++ function must be named without",
        "uprobe:a:b arg1|after a probe may stand",
        "uprobe:a:b arg1 > 4|after a probe may stand",
        "uprobe:a:b arg1=4|after a probe may stand",
        "uprobe:a:b arg1>1 arg2>1|after a probe may stand",
        "uprobe:a:b slow-site=maybe|after a probe may stand",
        "uprobe:a:b slow-site=yes slow-site=no|after a probe may stand",
        "uprobe:a:b value=arg1 value=arg2|after a probe may stand",
        "uprobe:a:b arg0>1|an argument must be arg1 .. arg6",
        "uprobe:a:b arg7>1|an argument must be arg1 .. arg6",
        "uprobe:a:b arg11>1|an argument must be arg1 .. arg6",
        "uprobe:a:b value=arg|an argument must be arg1 .. arg6",
        "uprobe:a:b arg1>|a condition's number must be a whole number",
        "uprobe:a:b arg1>4k|a condition's number must be a whole number",
        "uprobe:a:b arg1>9223372036854775808|a condition's number must be a whole number",
        "uprobe:a:b..c value=arg1|value= is instead of the time",
        "tp:a:b slow-site=yes|slow-site= belongs to",
        "tp:a:b..c slow-site=no|slow-site= belongs to",
    })
    void refusesWithTheRuleAndTheValue(String text, String rule) {
        String message = assertThrows(ProbeException.class, () -> parse(text)).getMessage();
        assertTrue(message.startsWith("Bad probe (" + rule), message);
        assertTrue(message.endsWith("See TROUBLESHOOTING.md, \"Bad probe\"."), message);
        assertEquals(1, message.lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "_a", "a-b", "a b", "a,b", "ä", "abcdefghijklmnopqrstuvwxyzabcdefg"})
    void refusesNamesThatNotEveryReportTakes(String name) {
        String message = assertThrows(ProbeException.class, () -> ProbeSpec.parse(name, "uprobe:a:b")).getMessage();
        assertTrue(message.contains("name=" + name), message);
    }

    @Test
    void refusesATextThatIsTooLongToBeShown() {
        String message = assertThrows(ProbeException.class, () -> parse("uprobe:a:" + "b".repeat(1100))).getMessage();
        assertTrue(message.length() < 300, message);
        assertThrows(ProbeException.class, () -> ProbeSpec.parse(null, null));
    }

    @Test
    void theTextOfAnySpecGivesItAgain() throws Exception {
        Random random = new Random(23);
        for (int i = 0; i < 20_000; i++) {
            Kind kind = Kind.values()[random.nextInt(3)];
            String end = random.nextBoolean() ? null : place(random, kind);
            Condition condition = random.nextBoolean() ? null : new Condition(1 + random.nextInt(6),
                    Operator.values()[random.nextInt(6)], random.nextBoolean() ? random.nextLong() : random.nextInt(9));
            ProbeSpec spec = new ProbeSpec("n" + i, kind, random.nextBoolean() ? "/opt/x.so" : "libc.so.6",
                    place(random, kind), end, condition, end == null ? random.nextInt(7) : 0,
                    kind != Kind.TRACEPOINT && random.nextBoolean());
            assertEquals(spec, ProbeSpec.parse(spec.name(), spec.text()), spec::text);
        }
    }

    /** Whatever is written is a spec whose text gives it again, or refused in one line. */
    @Test
    void anyTextIsReadOrRefused() throws Exception {
        String[] pieces = {"usdt", "uprobe", "tp", ":", "::", "..", " ", "arg1", ">", "==", "4", "value=arg2",
            "slow-site=yes", "a", "lib", "~", "=", "-"};
        Random random = new Random(5);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(pieces[random.nextInt(3)]).append(":lib:");
            for (int length = random.nextInt(7); length >= 0; length--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                ProbeSpec spec = parse(text.toString());
                assertEquals(spec, parse(spec.text()), text::toString);
                read++;
            } catch (ProbeException e) {
                assertTrue(e.getMessage().startsWith("Bad probe ("), e.getMessage());
            }
        }
        assertTrue(read > 1_000, "read " + read);
    }

    private static String place(Random random, Kind kind) {
        String word = WORDS[random.nextInt(WORDS.length)];
        String second = WORDS[random.nextInt(WORDS.length)];
        return switch (kind) {
            case USDT -> word + ':' + second;
            case UPROBE -> random.nextBoolean() ? word : word + "::" + second;
            case TRACEPOINT -> word;
        };
    }
}
