package io.bpfagent.cli.doctor;

/**
 * How it is with one condition.
 *
 * @param value what was found, a few words
 * @param heading of TROUBLESHOOTING.md, null where all is well
 * @param remedy what that page says, null likewise
 */
public record Finding(Condition condition, Verdict verdict, String value, String heading, String remedy) {

    static Finding ok(Condition condition, String value) {
        return new Finding(condition, Verdict.OK, value, null, null);
    }

    /** Not ok: with what the page says to do. */
    static Finding of(Condition condition, Verdict verdict, String value) {
        return verdict == Verdict.OK ? ok(condition, value)
            : new Finding(condition, verdict, value, condition.heading(), condition.remedy());
    }

    /**
     * The same with a message of ours, whose first words are a heading and which says itself what to do.
     *
     * @param heading its first words
     */
    static Finding told(Condition condition, String heading, String message) {
        String said = message.substring(Math.min(message.length(), message.startsWith(heading) ? heading.length() : 0))
            .replaceFirst("^:", "").replaceFirst("\\s*See TROUBLESHOOTING\\.md, \"[^\"]*\"\\.$", "").strip();
        return new Finding(condition, Verdict.FAILED, said.isEmpty() ? message : said, heading, null);
    }
}
