package io.bpfagent.boot;

/**
 * Names of statements: {@code select orders}, {@code insert orders}, {@code commit}, {@code create table}. The verb,
 * and the first table; in small letters, without schema and quotes, its digits as {@code *}.
 *
 * <p>It does not understand SQL, it looks for the words behind which a table stands: comments, strings, and what is in
 * parentheses where it does not matter, are passed over. What it cannot make out is the verb alone; what begins with no
 * verb that it knows is {@code sql}. The first 16,383 characters are looked at.
 */
final class StatementNames implements Spelling {
    private static final int MOST_READ = (1 << 14) - 1;
    private static final int LONGEST_TABLE = 64;
    /** No database has longer names; what has no end would be looked for behind each of many. */
    private static final int LONGEST_QUOTED = 258;
    /**
     * {@code insert low_priority ignore into t}: behind the verb a few words may come before the one that is sought.
     */
    private static final int WORDS_BEFORE = 6;

    private static final int SQL = 0;
    private static final String[] VERBS = {"sql", "select", "insert", "update", "delete", "merge", "replace",
        "upsert", "call", "exec", "execute", "create", "alter", "drop", "truncate", "lock", "table", "values",
        "begin", "start", "commit", "end", "rollback", "savepoint", "release", "set", "reset", "show", "use",
        "explain", "analyze", "describe", "grant", "revoke", "copy", "vacuum", "pragma", "declare", "fetch", "close",
        "prepare", "deallocate", "comment", "refresh", "checkpoint", "do", "listen", "notify", "unlisten", "shutdown"};
    private static final int CALL = 8;
    /** What can be created, altered and dropped: the word stands where else the table stands. */
    private static final String[] OBJECTS = {"table", "view", "index", "schema", "sequence", "database", "user", "role",
        "function", "procedure", "trigger", "type", "domain", "extension", "tablespace", "alias", "synonym", "package"};
    /** Words before a table's name. */
    private static final String[] BEFORE_TABLE = {"only", "table", "lateral", "ignore", "low_priority", "or", "abort",
        "fail", "rollback", "replace", "if", "exists"};

    /** What was found: which verb, and from where to where the table stands. */
    private static final int VERB_SHIFT = 28;
    private static final int FROM_SHIFT = 14;
    private static final int MASK = (1 << FROM_SHIFT) - 1;

    /** What kind of thing a token is; a token is its end, shifted, and this. */
    private static final int WORD = 0;
    private static final int QUOTED = 1;
    private static final int SIGN = 2;
    private static final int NOTHING = 3;

    @Override
    public int spell(String sql, String unused, char[] into) {
        long found = found(sql);
        String verb = VERBS[(int) (found >> VERB_SHIFT)];
        verb.getChars(0, verb.length(), into, 0);
        int at = verb.length();
        int from = (int) (found >> FROM_SHIFT) & MASK;
        int to = (int) found & MASK;
        if (from < to) {
            into[at++] = ' ';
        }
        while (from < to) {
            char c = sql.charAt(from++);
            if (isDigit(c)) {
                while (from < to && isDigit(sql.charAt(from))) {
                    from++;
                }
                c = '*';
            }
            into[at++] = shown(c);
        }
        return at;
    }

    private static long found(String sql) {
        int end = Math.min(sql.length(), MOST_READ);
        int at = 0;
        boolean call = false;
        while (true) {
            at = start(sql, at, end);
            if (at >= end) {
                return result(SQL, 0, 0);
            }
            char c = sql.charAt(at);
            if (c != '(' && c != '{' && c != ';' && c != '?' && c != '=') {
                break;
            }
            call |= c == '{';
            at++;
        }
        long token = token(sql, at, end);
        int verbEnd = end(token);
        if (isWord(sql, at, token, "with")) {
            return afterWith(sql, verbEnd, end);
        }
        int verb = kind(token) == WORD ? verb(sql, at, verbEnd) : SQL;
        return verb == SQL && call ? result(CALL, 0, 0) : of(verb, sql, verbEnd, end);
    }

    private static long result(int verb, int from, int to) {
        return (long) verb << VERB_SHIFT | (long) from << FROM_SHIFT | to;
    }

    /** The statement behind {@code with a as (...), b as (...)}. */
    private static long afterWith(String sql, int from, int end) {
        int depth = 0;
        for (int at = start(sql, from, end); at < end; ) {
            long token = token(sql, at, end);
            char c = sql.charAt(at);
            if (kind(token) == SIGN) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            } else if (kind(token) == WORD && depth == 0) {
                int verb = verb(sql, at, end(token));
                if (verb >= 1 && verb <= 6) {
                    return of(verb, sql, end(token), end);
                }
            }
            at = start(sql, end(token), end);
        }
        return result(SQL, 0, 0);
    }

    private static long of(int verb, String sql, int from, int end) {
        switch (VERBS[verb]) {
            case "select":
                return afterFrom(verb, sql, from, end);
            case "delete":
                return afterWord(verb, "from", sql, from, end);
            case "insert", "merge", "replace", "upsert":
                return afterWord(verb, "into", sql, from, end);
            case "update", "truncate", "lock", "table", "call", "exec", "execute", "copy":
                return name(verb, sql, from, end);
            case "create", "alter", "drop":
                return object(verb, sql, from, end);
            default:
                return result(verb, 0, 0);
        }
    }

    /**
     * Behind the {@code from} that belongs to the select; where a select in parentheses stands there, behind its own.
     */
    private static long afterFrom(int verb, String sql, int from, int end) {
        int depth = 0;
        boolean anyDepth = false;
        for (int at = start(sql, from, end); at < end; ) {
            long token = token(sql, at, end);
            char c = sql.charAt(at);
            if (kind(token) == SIGN) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (depth < 0 || c == ';') {
                    break;
                }
            } else if ((depth == 0 || anyDepth) && isWord(sql, at, token, "from")) {
                int behind = start(sql, end(token), end);
                while (behind < end && sql.charAt(behind) == '(') {
                    anyDepth = true;
                    depth++;
                    behind = start(sql, behind + 1, end);
                }
                if (isWord(sql, behind, token(sql, behind, end), "values")) {
                    return result(verb, 0, 0);
                }
                if (!anyDepth || !isWord(sql, behind, token(sql, behind, end), "select")) {
                    return name(verb, sql, behind, end);
                }
                at = behind;
                continue;
            }
            at = start(sql, end(token), end);
        }
        return result(verb, 0, 0);
    }

    /** Behind that word, or behind the verb if it does not follow soon. */
    private static long afterWord(int verb, String word, String sql, int from, int end) {
        int at = start(sql, from, end);
        for (int i = 0; i < WORDS_BEFORE && at < end; i++) {
            long token = token(sql, at, end);
            if (isWord(sql, at, token, word)) {
                return name(verb, sql, end(token), end);
            }
            at = start(sql, end(token), end);
        }
        return name(verb, sql, from, end);
    }

    private static long object(int verb, String sql, int from, int end) {
        int at = start(sql, from, end);
        for (int i = 0; i < WORDS_BEFORE && at < end; i++) {
            long token = token(sql, at, end);
            if (kind(token) == WORD && indexOf(OBJECTS, sql, at, end(token)) >= 0) {
                return result(verb, at, end(token));
            }
            at = start(sql, end(token), end);
        }
        return result(verb, 0, 0);
    }

    /** The last part of {@code a."b".c}. */
    private static long name(int verb, String sql, int from, int end) {
        int at = start(sql, from, end);
        long token = token(sql, at, end);
        while (kind(token) == WORD && indexOf(BEFORE_TABLE, sql, at, end(token)) >= 0) {
            at = start(sql, end(token), end);
            token = token(sql, at, end);
        }
        while (kind(token) == WORD || kind(token) == QUOTED) {
            int dot = start(sql, end(token), end);
            if (dot >= end || sql.charAt(dot) != '.') {
                int quote = kind(token) == QUOTED ? 1 : 0;
                int begin = at + quote;
                int stop = Math.min(end(token) - quote, begin + LONGEST_TABLE);
                return result(verb, begin, Math.max(begin, stop));
            }
            while (dot < end && sql.charAt(dot) == '.') {
                dot = start(sql, dot + 1, end);
            }
            at = dot;
            token = token(sql, at, end);
        }
        return result(verb, 0, 0);
    }

    /** Where the next token begins: behind blanks, comments and strings. */
    private static int start(String sql, int from, int end) {
        int at = from;
        while (at < end) {
            char c = sql.charAt(at);
            if (c <= ' ') {
                at++;
            } else if (c == '-' && at + 1 < end && sql.charAt(at + 1) == '-') {
                at = behind(sql, "\n", at + 2, end);
            } else if (c == '/' && at + 1 < end && sql.charAt(at + 1) == '*') {
                at = behind(sql, "*/", at + 2, end);
            } else if (c == '\'') {
                // Two quotes that stand for one are two strings here, which comes to the same.
                at = behind(sql, "'", at + 1, end);
            } else if (c == '$' && at + 1 < end && sql.charAt(at + 1) == '$') {
                at = behind(sql, "$$", at + 2, end);
            } else {
                return at;
            }
        }
        return end;
    }

    private static int behind(String sql, String what, int from, int end) {
        for (int at = from; at + what.length() <= end; at++) {
            if (sql.charAt(at) == what.charAt(0) && sql.startsWith(what, at)) {
                return at + what.length();
            }
        }
        return end;
    }

    /** The token that begins here: its end behind its last character, and its kind in the low bits. */
    private static long token(String sql, int at, int end) {
        if (at >= end) {
            return (long) end << 2 | NOTHING;
        }
        char c = sql.charAt(at);
        if (isNamePart(c)) {
            int stop = at + 1;
            while (stop < end && isNamePart(sql.charAt(stop))) {
                stop++;
            }
            return (long) stop << 2 | WORD;
        }
        if (c == '"' || c == '`' || c == '[') {
            char close = c == '[' ? ']' : c;
            int last = Math.min(end, at + LONGEST_QUOTED);
            for (int i = at + 1; i < last; i++) {
                if (sql.charAt(i) == close) {
                    return (long) (i + 1) << 2 | QUOTED;
                }
            }
        }
        return (long) (at + 1) << 2 | SIGN;
    }

    private static int end(long token) {
        return (int) (token >> 2);
    }

    private static int kind(long token) {
        return (int) token & 3;
    }

    private static boolean isWord(String sql, int at, long token, String word) {
        return kind(token) == WORD && end(token) - at == word.length()
                && sql.regionMatches(true, at, word, 0, word.length());
    }

    private static int verb(String sql, int from, int to) {
        return Math.max(SQL, indexOf(VERBS, sql, from, to));
    }

    private static int indexOf(String[] words, String sql, int from, int to) {
        for (int i = 0; i < words.length; i++) {
            if (words[i].length() == to - from && sql.regionMatches(true, from, words[i], 0, to - from)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '$' || c == '#'
                || c > 127;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A quoted name can have any character in it. */
    private static char shown(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return c < ' ' || c == 127 || c > 127 && !Character.isLetterOrDigit(c) ? '?' : c;
    }
}
