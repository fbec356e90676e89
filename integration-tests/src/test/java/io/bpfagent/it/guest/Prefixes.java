package io.bpfagent.it.guest;

import java.util.Arrays;

/** Commands before {@code java} that take something away from it. */
final class Prefixes {
    /** The user that owns nothing. */
    static final int NOBODY = 65534;

    private static final String[] AS_NOBODY = {"setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY,
        "--clear-groups"};
    /** Linux then calls itself 2.6.78 or so. */
    static final String[] OLD_KERNEL = {"setarch", "--uname-2.6"};

    /** Its processes are numbered from 1, as in a container. */
    static final String[] OWN_PIDS = {"unshare", "-p", "-f", "--mount-proc"};

    private Prefixes() {}

    /** As a user without any capability. */
    static String[] asNobody() {
        return AS_NOBODY.clone();
    }

    /** As that user, with these capabilities: {@code +bpf,+perfmon}. */
    static String[] asNobodyWith(String capabilities) {
        String[] words = Arrays.copyOf(AS_NOBODY, AS_NOBODY.length + 2);
        words[AS_NOBODY.length] = "--inh-caps=" + capabilities;
        words[AS_NOBODY.length + 1] = "--ambient-caps=" + capabilities;
        return words;
    }

    /** With a /tmp of which nothing can be executed; nobody else sees it so. */
    static String[] noexecTmp() {
        return new String[] {"unshare", "-m", "sh", "-c",
            "mount --bind /tmp /tmp && mount -o remount,bind,noexec /tmp && exec \"$@\"", "sh"};
    }
}
