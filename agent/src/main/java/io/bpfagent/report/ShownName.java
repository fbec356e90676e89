package io.bpfagent.report;

/**
 * Names of threads and pools as tables show them: the middle of a long one is {@code ..}, {@code http-nio..-exec-7}.
 */
final class ShownName {
    private static final String CUT = "..";

    private ShownName() {
    }

    /** Whether {@code asked}, which is no whole name, is what a table may have shown of {@code name}. */
    static boolean isOf(String asked, String name) {
        int cut = asked.indexOf(CUT);
        return cut > 0 && name.length() > asked.length() && name.startsWith(asked.substring(0, cut))
                && name.endsWith(asked.substring(cut + CUT.length()));
    }
}
