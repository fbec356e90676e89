package io.bpfagent.boot;

/**
 * Names of requests: {@code GET /orders/*}. What tells one request of a route from another is replaced by {@code *}, so
 * that there are as many names as there are routes and not as many as there are orders.
 *
 * <ul>
 * <li>digits: {@code /orders/4711}, {@code /report-2026-11.pdf} become {@code /orders/*}, {@code /report-*-*.pdf}; a
 *     version as a whole segment, {@code /v2/}, stays
 * <li>UUIDs; hexadecimal of 8 characters and more, if there is a digit in it, and of 16 without; other words of 16
 *     letters and digits and more in which digits stand in two places and more (keys in Base64, ULIDs)
 * <li>a segment with {@code %xx}, with characters that are not ASCII's visible ones, or of more than 64: that is
 *     somebody's text
 * </ul>
 *
 * <p>Scheme and host before the path are left out, query, fragment and parameters ({@code ;jsessionid=...}) too. A
 * method that is none of HTTP's and WebDAV's is {@code ?}: whoever sends a request can make methods up.
 */
final class RouteNames implements Spelling {
    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE",
        "CONNECT", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "QUERY",
        "PRI"};
    private static final int LONGEST_SEGMENT = 64;
    /** A path is looked at up to here; the name is cut off long before. */
    private static final int MOST_READ = 4096;
    private static final int LEAST_HEX = 8;
    private static final int LEAST_WITHOUT_DIGIT = 16;
    private static final int UUID_CHARACTERS = 36;

    @Override
    public int spell(String method, String uri, char[] into) {
        String shown = isMethod(method) ? method : "?";
        shown.getChars(0, shown.length(), into, 0);
        int at = shown.length();
        into[at++] = ' ';
        int end = end(uri);
        int from = pathOf(uri, end);
        if (from == end || uri.charAt(from) != '/' && uri.charAt(from) != '*') {
            into[at++] = '/';
        }
        while (from < end && at < into.length) {
            char c = uri.charAt(from);
            if (c == '/') {
                into[at++] = c;
                from++;
            } else if (c == ';') {
                from = segmentEnd(uri, from, end, false);
            } else {
                int segment = segmentEnd(uri, from, end, true);
                at = segment(uri, from, segment, into, at);
                from = segment;
            }
        }
        return at;
    }

    private static int segment(String uri, int from, int to, char[] into, int at) {
        boolean digits = false;
        boolean text = to - from > LONGEST_SEGMENT;
        for (int i = from; i < to && !text; i++) {
            char c = uri.charAt(i);
            digits |= isDigit(c);
            text = c == '%' || c <= ' ' || c > '~';
        }
        if (text) {
            return put('*', into, at);
        }
        if (isVersion(uri, from, to) || !digits && to - from < LEAST_WITHOUT_DIGIT) {
            return copy(uri, from, to, into, at);
        }
        return words(uri, from, to, into, at);
    }

    private static int words(String uri, int from, int to, char[] into, int begin) {
        int at = begin;
        int i = from;
        while (i < to) {
            int word = i;
            while (word < to && isWord(uri.charAt(word))) {
                word++;
            }
            if (word == i) {
                at = put(uri.charAt(i), into, at);
                i++;
            } else if (isUuid(uri, i, to)) {
                at = put('*', into, at);
                i += UUID_CHARACTERS;
            } else {
                at = isKey(uri, i, word) ? put('*', into, at) : word(uri, i, word, into, at);
                i = word;
            }
        }
        return at;
    }

    private static int word(String uri, int from, int to, char[] into, int begin) {
        int at = begin;
        int i = from;
        while (i < to) {
            int run = i;
            boolean digits = isDigit(uri.charAt(i));
            while (run < to && isDigit(uri.charAt(run)) == digits) {
                run++;
            }
            at = digits ? put('*', into, at) : copy(uri, i, run, into, at);
            i = run;
        }
        return at;
    }

    private static int put(char c, char[] into, int at) {
        if (at == into.length) {
            return at;
        }
        into[at] = c;
        return at + 1;
    }

    private static int copy(String uri, int from, int to, char[] into, int at) {
        int length = Math.min(to - from, into.length - at);
        uri.getChars(from, from + length, into, at);
        return at + length;
    }

    private static boolean isMethod(String method) {
        for (String known : METHODS) {
            if (known.equals(method)) {
                return true;
            }
        }
        return false;
    }

    /** Where the path begins: behind {@code http://host:80}, if that is there. */
    private static int pathOf(String uri, int end) {
        int colon = 0;
        while (colon < end && isLetter(uri.charAt(colon))) {
            colon++;
        }
        if (colon == 0 || !uri.startsWith("://", colon)) {
            return 0;
        }
        int slash = colon + 3;
        while (slash < end && uri.charAt(slash) != '/') {
            slash++;
        }
        return slash;
    }

    /** Where the path ends: before query or fragment. */
    private static int end(String uri) {
        int most = Math.min(uri.length(), MOST_READ);
        for (int i = 0; i < most; i++) {
            char c = uri.charAt(i);
            if (c == '?' || c == '#') {
                return i;
            }
        }
        return most;
    }

    private static int segmentEnd(String uri, int from, int end, boolean atParameters) {
        int at = from;
        while (at < end && uri.charAt(at) != '/' && !(atParameters && uri.charAt(at) == ';')) {
            at++;
        }
        return at;
    }

    private static boolean isUuid(String uri, int from, int end) {
        int to = from + UUID_CHARACTERS;
        if (to > end || to < end && isWord(uri.charAt(to))) {
            return false;
        }
        for (int i = 0; i < UUID_CHARACTERS; i++) {
            char c = uri.charAt(from + i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : !isHex(c)) {
                return false;
            }
        }
        return true;
    }

    /** {@code v1} to {@code v999}. */
    private static boolean isVersion(String uri, int from, int to) {
        if (to - from < 2 || to - from > 4 || uri.charAt(from) != 'v') {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            if (!isDigit(uri.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a word is one of many: hexadecimal, or a mixture of letters and digits. */
    private static boolean isKey(String uri, int from, int to) {
        boolean hex = true;
        int runs = 0;
        for (int i = from; i < to; i++) {
            char c = uri.charAt(i);
            hex &= isHex(c);
            if (isDigit(c) && (i == from || !isDigit(uri.charAt(i - 1)))) {
                runs++;
            }
        }
        int length = to - from;
        return hex && (runs > 0 ? length >= LEAST_HEX : length >= LEAST_WITHOUT_DIGIT)
                || runs > 1 && length >= LEAST_WITHOUT_DIGIT;
    }

    private static boolean isWord(char c) {
        return isDigit(c) || isLetter(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isHex(char c) {
        return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
