package io.bpfagent.find;

/**
 * The name of a C++ function out of its symbol, without parameters: {@code G1CollectedHeap::collect} of
 * {@code _ZN15G1CollectedHeap7collectEN7GCCause5CauseE}, so that all overloads have one name.
 *
 * <p>What stands between angle brackets is left out ({@code GrowableArray<>::append}), the anonymous namespace is
 * {@code (anonymous)}: no name has a blank. Operators, lambdas, thunks, symbols that refer back to an earlier part, and
 * the cold parts of functions keep their symbol as name; what the compiler has derived from a function with other
 * arguments ({@code .isra.0}, {@code .constprop.0}) goes by that function's name. All but 2 % of libjvm's have a better
 * name than their symbol.
 *
 * <p>Source: the Itanium C++ ABI, 5.1. Used once and by one thread; a symbol of any content ends in a name, in time
 * that grows with its length.
 */
final class CppName {
    /** The anonymous namespace. */
    static final String ANONYMOUS = "(anonymous)";

    private static final int MAX_DEPTH = 128;
    private static final String NO_TYPES = "vwbcahstijlmxynofdegz";
    private static final String NO_TYPES_AFTER_D = "defhisuacn";

    private final String text;
    private final int end;
    private final StringBuilder name = new StringBuilder();
    private int at = 2;
    private int depth;
    /** Above 0 while what is read does not belong to the name. */
    private int skipping;
    /** The last component, of which constructors are named. */
    private String last = "";
    private boolean bad;

    private CppName(String text, int end) {
        this.text = text;
        this.end = end;
    }

    /** The name that a user reads and writes; the symbol itself where there is no better one. */
    static String of(String symbol) {
        int end = symbol.indexOf('.');
        if (!symbol.startsWith("_Z") || end >= 0 && isPart(symbol, end)) {
            return symbol;
        }
        CppName read = new CppName(symbol, end < 0 ? symbol.length() : end);
        read.name();
        return read.bad || read.name.length() == 0 ? symbol : read.name.toString();
    }

    /** Whether the compiler has changed the function's arguments: they do not stand where its source says. */
    static boolean hasOtherArguments(String symbol) {
        return symbol.contains(".isra.") || symbol.contains(".constprop.");
    }

    /** Whether it is not a whole function. */
    private static boolean isPart(String symbol, int from) {
        return symbol.indexOf(".cold", from) >= 0 || symbol.indexOf(".part.", from) >= 0;
    }

    private char peek() {
        return at < end ? text.charAt(at) : 0;
    }

    private char peek(int further) {
        return at + further < end ? text.charAt(at + further) : 0;
    }

    private void fail() {
        bad = true;
        at = end;
    }

    private void expect(char wanted) {
        if (peek() == wanted) {
            at++;
        } else {
            fail();
        }
    }

    private void append(String component) {
        if (skipping == 0) {
            if (name.length() > 0) {
                name.append("::");
            }
            name.append(component);
            last = component;
        }
    }

    private void name() {
        if (++depth > MAX_DEPTH) {
            fail();
        }
        char c = peek();
        if (c == 'N') {
            nestedName();
        } else if (c == 'Z') {
            localName();
        } else {
            if (c == 'S' && peek(1) == 't') {
                at += 2;
                append("std");
            }
            unqualifiedName();
            optionalTemplateArguments();
        }
        depth--;
    }

    private void nestedName() {
        at++;
        while ("rVK".indexOf(peek()) >= 0 && !bad) {
            at++;
        }
        if (peek() == 'R' || peek() == 'O') {
            at++;
        }
        while (peek() != 'E' && !bad) {
            char c = peek();
            if (c == 'S') {
                substitution();
            } else if (c == 'T' && skipping > 0) {
                templateParameter();
            } else if (c == 'I') {
                optionalTemplateArguments();
            } else {
                unqualifiedName();
            }
        }
        expect('E');
    }

    /** An entity within a function. */
    private void localName() {
        at++;
        name();
        while (peek() != 'E' && !bad) {
            skipType();
        }
        expect('E');
        if (peek() == 's' || peek() == 'd') {
            fail(); // a string, or within a default argument
        }
        name();
    }

    private void unqualifiedName() {
        char c = peek();
        char second = peek(1);
        if (c == 'C' && second >= '1' && second <= '5') {
            at += 2;
            append(className());
        } else if (c == 'D' && second >= '0' && second <= '5') {
            at += 2;
            append("~".concat(className()));
        } else {
            if (c == 'L') {
                at++; // internal linkage
            }
            sourceName();
        }
        while (peek() == 'B' && !bad) {
            at++;
            skipping++;
            sourceName();
            skipping--;
        }
    }

    /** Of whose constructor or destructor this is. */
    private String className() {
        if (last.indexOf(':') >= 0) {
            fail(); // std::string has another name in its own constructor's symbol
        }
        return last;
    }

    private void sourceName() {
        int length = number();
        if (bad || length == 0 || length > end - at) {
            fail();
            return;
        }
        if (skipping == 0) {
            append(text.startsWith("_GLOBAL__N", at) ? ANONYMOUS : text.substring(at, at + length));
        }
        at += length;
    }

    private int number() {
        int number = 0;
        int begin = at;
        while (peek() >= '0' && peek() <= '9' && number < end) {
            number = number * 10 + peek() - '0';
            at++;
        }
        if (at == begin) {
            fail();
        }
        return number;
    }

    /** {@code St}, {@code Sa} ...; {@code S0_}, which refers back, only where nothing is made of it. */
    private void substitution() {
        String known = switch (peek(1)) {
            case 't' -> "std";
            case 'a' -> "std::allocator";
            case 'b' -> "std::basic_string";
            case 's' -> "std::string";
            case 'i' -> "std::istream";
            case 'o' -> "std::ostream";
            case 'd' -> "std::iostream";
            default -> "";
        };
        if (!known.isEmpty()) {
            at += 2;
            append(known);
        } else if (skipping > 0) {
            at++;
            sequence();
        } else {
            fail();
        }
    }

    /** The number and the underscore of {@code S0_} and {@code T0_}. */
    private void sequence() {
        while (peek() >= '0' && peek() <= '9' || peek() >= 'A' && peek() <= 'Z') {
            at++;
        }
        expect('_');
    }

    private void templateParameter() {
        at++;
        sequence();
    }

    private void optionalTemplateArguments() {
        if (peek() == 'I' && !bad) {
            at++;
            skipping++;
            while (peek() != 'E' && !bad) {
                skipArgument();
            }
            skipping--;
            expect('E');
            if (skipping == 0) {
                name.append("<>");
            }
        }
    }

    private void skipArgument() {
        char c = peek();
        if (++depth > MAX_DEPTH) {
            fail();
        } else if (c == 'L') {
            skipLiteral();
        } else if (c == 'X' && peek(1) == 'a' && peek(2) == 'd' && peek(3) == 'L') {
            at += 3; // the address of a function
            skipLiteral();
            expect('E');
        } else if (c == 'J') {
            at++;
            while (peek() != 'E' && !bad) {
                skipArgument();
            }
            expect('E');
        } else {
            skipType();
        }
        depth--;
    }

    private void skipLiteral() {
        at++;
        if (peek() == '_' && peek(1) == 'Z') {
            at += 2;
            name();
            while (peek() != 'E' && !bad) {
                skipType();
            }
        } else {
            skipType();
            while (peek() != 'E' && at < end) {
                at++;
            }
        }
        expect('E');
    }

    private void skipType() {
        if (++depth > MAX_DEPTH) {
            fail();
        }
        skipping++;
        char c = peek();
        if (bad || c == 0) {
            fail();
        } else if (NO_TYPES.indexOf(c) >= 0) {
            at++;
        } else if ("rVKPROCG".indexOf(c) >= 0) {
            at++;
            skipType();
        } else if (c == 'M') {
            at++;
            skipType();
            skipType();
        } else {
            skipOtherType(c);
        }
        skipping--;
        depth--;
    }

    private void skipOtherType(char c) {
        switch (c) {
            case 'D' -> skipTypeAfterD();
            case 'F' -> skipFunctionType();
            case 'A' -> {
                at++;
                if (peek() != '_') {
                    number();
                }
                expect('_');
                skipType();
            }
            case 'T' -> {
                templateParameter();
                optionalTemplateArguments();
            }
            case 'S' -> {
                boolean std = peek(1) == 't';
                substitution();
                if (std) {
                    unqualifiedName();
                }
                optionalTemplateArguments();
            }
            case 'u' -> {
                at++;
                sourceName();
            }
            default -> name();
        }
    }

    private void skipTypeAfterD() {
        char second = peek(1);
        if (NO_TYPES_AFTER_D.indexOf(second) >= 0) {
            at += 2;
        } else if (second == 'p' || second == 'o') {
            at += 2;
            skipType();
        } else {
            fail();
        }
    }

    private void skipFunctionType() {
        at++;
        if (peek() == 'Y') {
            at++;
        }
        while (peek() != 'E' && !bad) {
            boolean reference = (peek() == 'R' || peek() == 'O') && peek(1) == 'E';
            if (reference) {
                at++;
            } else {
                skipType();
            }
        }
        expect('E');
    }
}
