package io.bpfagent.correlation;

/** Which pool a thread belongs to: threads whose names differ only in digits, or the JVM's own by role. */
public final class PoolNames {
    /** The pool of all threads for which there was no pool left. */
    public static final String OTHER = "other";

    /** A pool's name is kept for good and thread names have no limit, so it is cut off here. */
    static final int MAX_LENGTH = 200;

    private PoolNames() {
    }

    /**
     * The name of the pool of {@code identity}: {@code GC}, {@code Compiler} or {@code VM} for the JVM's
     * own threads, else the name with each run of the digits 0-9 replaced by {@code #}, at most 200
     * characters of it.
     */
    public static String poolOf(ThreadIdentity identity) {
        return switch (identity.kind()) {
            case GC -> "GC";
            case COMPILER -> "Compiler";
            case VM -> "VM";
            case JAVA, CARRIER, OTHER -> withoutDigits(identity.name());
        };
    }

    private static String withoutDigits(String name) {
        StringBuilder pool = new StringBuilder(Math.min(name.length(), MAX_LENGTH));
        boolean inDigits = false;
        for (int i = 0; i < name.length() && pool.length() < MAX_LENGTH; i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit) {
                pool.append(c);
            } else if (!inDigits) {
                pool.append('#');
            }
            inDigits = digit;
        }
        return pool.toString();
    }
}
