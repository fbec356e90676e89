package io.bpfagent.find;

import io.bpfagent.find.Condition.Operator;
import io.bpfagent.find.ProbeSpec.Kind;
import java.util.StringTokenizer;

/** Reads one probe as a user wrote it; each refusal says the rule, then what was given. */
final class SpecParser {
    private static final int MAX_NAME = 32;
    /** Longer than any symbol of libjvm; keeps what is kept and shown of a probe small. */
    private static final int MAX_TEXT = 1024;
    private static final String FORMS = "a probe must be usdt:LIBRARY:PROVIDER:NAME[..NAME],"
            + " uprobe:LIBRARY:FUNCTION[..FUNCTION] or tp:GROUP:EVENT[..EVENT]";
    private static final String WORDS = "after a probe may stand argN<NUMBER (or <=, >, >=, ==, !=), value=argN and"
            + " slow-site=yes, each once";

    private final String name;
    private final String text;
    private Condition condition;
    private int valueArgument;
    /** Null until it is given. */
    private Boolean slowSite;

    SpecParser(String name, String text) {
        this.name = name == null ? "" : name;
        this.text = text == null ? "" : text;
    }

    ProbeSpec parse() throws ProbeException {
        if (!isName(name)) {
            throw bad("its name must be letters, digits and _, beginning with a letter, at most " + MAX_NAME, name);
        }
        if (text.length() > MAX_TEXT) {
            throw bad("its text must have at most " + MAX_TEXT + " characters", text.length() + " characters");
        }
        StringTokenizer words = new StringTokenizer(text, " \t");
        if (!words.hasMoreTokens()) {
            throw bad(FORMS, text);
        }
        String place = words.nextToken();
        if (place.replace(CppName.ANONYMOUS, "").indexOf('(') >= 0) {
            throw bad("a C++ function must be named without its parameters, as JavaCalls::call_virtual", place);
        }
        while (words.hasMoreTokens()) {
            readWord(words.nextToken());
        }
        return spec(place);
    }

    private ProbeSpec spec(String place) throws ProbeException {
        int afterKind = place.indexOf(':');
        int afterLibrary = place.indexOf(':', afterKind + 1);
        Kind kind = afterKind < 0 ? null : kind(place.substring(0, afterKind));
        if (kind == null || afterLibrary < 0) {
            throw bad(FORMS, place);
        }
        String library = place.substring(afterKind + 1, afterLibrary);
        String target = place.substring(afterLibrary + 1);
        int to = target.indexOf(ProbeSpec.TO);
        String begin = to < 0 ? target : target.substring(0, to);
        String end = to < 0 ? null : target.substring(to + ProbeSpec.TO.length());
        if (kind == Kind.USDT && end != null && end.indexOf(':') < 0) {
            end = begin.substring(0, begin.indexOf(':') + 1) + end;
        }
        if (library.isEmpty() || !isTarget(kind, begin) || end != null && !isTarget(kind, end)) {
            throw bad(FORMS, place);
        }
        if (end != null && valueArgument != 0) {
            throw bad("value= is instead of the time from one place to another, so that only one place can be named",
                    text);
        }
        ProbeSpec spec = new ProbeSpec(name, kind, library, begin, end, condition, valueArgument,
                slowSite != null && slowSite);
        if (kind == Kind.TRACEPOINT && slowSite != null && !spec.slowsSystemCalls()) {
            throw bad("slow-site= belongs to uprobes, USDT and sys_enter or sys_exit: another tracepoint has no"
                    + " instruction to step", text);
        }
        return spec;
    }

    private void readWord(String word) throws ProbeException {
        if (word.startsWith("value=arg") && valueArgument == 0) {
            valueArgument = argument(word, word.substring("value=arg".length()));
        } else if (word.equals("slow-site=yes") && slowSite == null) {
            slowSite = true;
        } else if (word.equals("slow-site=no") && slowSite == null) {
            slowSite = false;
        } else if (word.startsWith("arg") && condition == null) {
            condition = condition(word);
        } else {
            throw bad(WORDS, word);
        }
    }

    private Condition condition(String word) throws ProbeException {
        int at = "arg".length();
        while (at < word.length() && word.charAt(at) >= '0' && word.charAt(at) <= '9') {
            at++;
        }
        Operator operator = Operator.at(word, at);
        if (operator == null) {
            throw bad(WORDS, word);
        }
        int number = argument(word, word.substring("arg".length(), at));
        try {
            return new Condition(number, operator, Long.decode(word.substring(at + operator.text().length())));
        } catch (NumberFormatException e) {
            throw bad("a condition's number must be a whole number of 64 bits, as 4096, -1 or 0x1000", word);
        }
    }

    private int argument(String word, String digits) throws ProbeException {
        int number = digits.length() == 1 ? digits.charAt(0) - '0' : 0;
        if (number < 1 || number > ProbeSpec.MAX_ARGUMENT) {
            throw bad("an argument must be arg1 .. arg" + ProbeSpec.MAX_ARGUMENT, word);
        }
        return number;
    }

    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        return null;
    }

    /** Whether it can be the name of a place. USDT: one colon, not at an end; tracepoints: none. */
    private static boolean isTarget(Kind kind, String target) {
        int colon = target.indexOf(':');
        if (target.isEmpty() || target.contains(ProbeSpec.TO)) {
            return false;
        }
        return switch (kind) {
            case USDT -> colon > 0 && colon == target.lastIndexOf(':') && colon < target.length() - 1;
            case UPROBE -> true;
            case TRACEPOINT -> colon < 0;
        };
    }

    /** No character that JMX or a terminal makes something of. */
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || c != '_' && (c < '0' || c > '9'))) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MAX_NAME;
    }

    private ProbeException bad(String rule, String value) {
        return new ProbeException("Bad probe", " (" + rule + ", " + (value.equals(name) ? "name=" : name + ": ")
                + value + ").");
    }
}
