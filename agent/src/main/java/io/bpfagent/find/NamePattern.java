package io.bpfagent.find;

import java.util.Locale;

/**
 * What a user searches for, in whatever case: a part of a probe, or with {@code *} a pattern of a whole probe or
 * of what stands behind its library.
 */
final class NamePattern {
    private final String pattern;
    private final boolean glob;

    NamePattern(String pattern) {
        this.pattern = pattern.toLowerCase(Locale.ROOT);
        this.glob = pattern.indexOf('*') >= 0;
    }

    /** @param head what stands before the name in the probe: {@code uprobe:libjvm:} */
    boolean matches(String head, String name) {
        String low = name.toLowerCase(Locale.ROOT);
        if (!glob) {
            return low.contains(pattern) || (head + low).contains(pattern);
        }
        return matchesGlob(low) || matchesGlob(head + low);
    }

    /** Goes back to the last star only, so that the time is at most the product of both lengths. */
    private boolean matchesGlob(String text) {
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int afterStar = 0;
        while (at < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                afterStar = at;
            } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == text.charAt(at)) {
                inPattern++;
                at++;
            } else if (star >= 0) {
                inPattern = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
