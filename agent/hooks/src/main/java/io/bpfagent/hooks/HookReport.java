package io.bpfagent.hooks;

import java.util.Objects;

/**
 * One hook, as it is now.
 *
 * @param name    what it is: {@code trace}, {@code servlet}
 * @param classes how many classes it is woven into
 * @param failed  failures of its code in the host, each swallowed
 * @param problem why it is not there any more, or why some class could not be done, one line; or null
 * @param removed whether it is not there any more
 */
public record HookReport(String name, int classes, long failed, String problem, boolean removed) {
    /** Checks that there is a name. */
    public HookReport {
        Objects.requireNonNull(name, "name");
    }
}
