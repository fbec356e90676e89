package io.bpfagent.cli.control;

import io.bpfagent.cli.doctor.Finding;
import io.bpfagent.cli.doctor.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * The document of {@code doctor}, which this command makes itself.
 *
 * @param pid null without a JVM
 * @param name main class or jar, null likewise, and of a process that is no JVM
 * @param works whether attaching will work; null when that cannot be told
 */
public record DoctorDocument(int schema, Integer pid, String name, Boolean works, List<Entry> conditions) {

    /**
     * One condition.
     *
     * @param about {@code machine}, {@code caller} or {@code jvm}
     * @param verdict {@code ok}, {@code warning}, {@code unknown} or {@code failed}
     * @param heading of TROUBLESHOOTING.md, null where all is well
     * @param remedy null likewise, and where the value says it itself
     */
    public record Entry(String about, String condition, String verdict, String value, String heading, String remedy) {

        private static Entry of(Finding finding) {
            return new Entry(finding.condition().about().name().toLowerCase(Locale.ROOT), finding.condition().title(),
                finding.verdict().name().toLowerCase(Locale.ROOT), finding.value(), finding.heading(),
                finding.remedy());
        }
    }

    /** In the form of our schema. */
    public static DoctorDocument of(Integer pid, String name, List<Finding> findings) {
        return new DoctorDocument(Documents.SCHEMA, pid, name, works(findings),
            findings.stream().map(Entry::of).toList());
    }

    private static Boolean works(List<Finding> findings) {
        boolean unknown = false;
        for (Finding finding : findings) {
            if (finding.verdict() == Verdict.FAILED) {
                return false;
            }
            unknown |= finding.verdict() == Verdict.UNKNOWN;
        }
        return unknown ? null : Boolean.TRUE;
    }
}
