package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.PauseRole;

/**
 * One thread, from the read that first found it in a row to the one that found that it had ended: who
 * it is, and its {@link ThreadNumbers}.
 */
final class ThreadAccount {
    private final ThreadNumbers numbers = new ThreadNumbers();
    /** Null until something is counted there. */
    private ThreadMeters meters;
    private final int row;
    private final int generation;
    private final int tid;
    private final int hostTid;
    private final long startNs;

    private String comm;
    private String startName;
    private long javaId;
    private int nameLength;
    private ThreadIdentity told;
    private ThreadIdentity provisional;
    private ThreadIdentity identity;
    private LiveThread asked;
    private KnownThread known;
    private PoolAccount pool;
    private PoolAccount inForce;
    private int roleInForce = PauseRole.ROLE_UNKNOWN;
    /** Reads since what is told of it was last something new. */
    private int toldReads;
    private int reads;
    /**
     * Ended, and told about as a thread of no kind: so is a Java thread of which nothing stands anywhere
     * yet but its parent's name. What the row says at the end is right.
     */
    private boolean outdated;
    private boolean unidentified;
    private boolean overLimit;

    /** @param inForce the pool that the kernel side takes the row to be in until it is told */
    ThreadAccount(Row row, int rowNumber, PoolAccount inForce) {
        this.row = rowNumber;
        this.generation = row.generation;
        this.tid = row.tid;
        this.hostTid = row.hostTid;
        this.startNs = row.startNs;
        this.inForce = inForce;
    }

    int row() {
        return row;
    }

    long startNs() {
        return startNs;
    }

    int generation() {
        return generation;
    }

    ThreadNumbers numbers() {
        return numbers;
    }

    PoolAccount pool() {
        return pool;
    }

    /** Reads the names that the row gives, those that may be new. */
    void readNames(RowReader reader, Row current, boolean hasEnded) {
        outdated = hasEnded && (told == null || told.javaId() == 0 && told.kind() == ThreadKind.OTHER);
        if (comm == null || outdated) {
            comm = reader.comm(row);
            forgetNames();
        }
        if (current.nameLength != nameLength) {
            nameLength = current.nameLength;
            startName = nameLength == 0 ? null : reader.name(row, nameLength);
            javaId = nameLength == 0 ? 0 : reader.javaId(row);
            forgetNames();
        }
    }

    private void forgetNames() {
        asked = null;
        provisional = null;
    }

    /** As the identity source is asked about it; the same object as long as nothing is new. */
    LiveThread toLiveThread() {
        if (asked == null) {
            asked = new LiveThread(tid, javaId, comm, startName, told);
        }
        return asked;
    }

    int tid() {
        return tid;
    }

    /** Takes what the identity source said of it, null for nothing new, and finds its pool. */
    void identify(ThreadIdentity said, PoolAccounts pools) {
        if (said != null && !said.equals(told)) {
            told = said;
            asked = null;
            toldReads = 0;
        } else {
            toldReads++;
        }
        boolean isTold = told != null && !outdated;
        if (!isTold && provisional == null) {
            provisional = ProvisionalIdentity.of(javaId, startName, comm);
        }
        ThreadIdentity now = isTold ? told : provisional;
        if (!now.equals(identity)) {
            identity = now;
            pool = pools.of(PoolNames.poolOf(now), now.kind());
        }
    }

    /** True once: when nobody has told its name until its second read or its end. */
    boolean becomesUnidentified(boolean hasEnded) {
        reads++;
        boolean tooEarly = hasEnded ? numbers.isUntouched() : reads < 2;
        if (unidentified || told != null || startName != null || tooEarly) {
            return false;
        }
        unidentified = true;
        return true;
    }

    /** True once: when it is in {@code other} because there was no pool left for it. */
    boolean becomesOverLimit() {
        if (overLimit || !pool.isOther() || PoolNames.poolOf(identity).equals(PoolNames.OTHER)) {
            return false;
        }
        overLimit = true;
        return true;
    }

    /** Takes over which pages count what it does besides being in states; false if one of them makes no sense. */
    boolean updateMeters(KernelMemory memory, Supplies supplies) {
        if (meters == null && ThreadMeters.isUsed(memory, row, generation)) {
            meters = new ThreadMeters();
        }
        return meters == null || meters.update(memory, row, supplies);
    }

    /** Reads its pages and gives its pool what is new. */
    void give(KernelMemory memory, PageReader reader) {
        numbers.giveTo(pool, reader);
        if (meters != null) {
            meters.giveTo(memory, numbers.distributions(), pool, reader);
        }
    }

    /** Puts its pages back into the supply; what they count must have been given. */
    void releasePages(Supplies supplies) {
        numbers.releasePages(supplies);
        if (meters != null) {
            meters.releasePages(supplies);
        }
    }

    /** A user metric has gone: neither its numbers nor its page are kept. */
    void forget(UserMetric metric, Supplies supplies) {
        numbers.distributions().forget(Distributions.FIRST_METRIC + metric.slot());
        if (meters != null) {
            meters.forget(metric.slot(), supplies);
        }
    }

    /** Whether the kernel side must be told pool and role; that this has been done is noted. */
    boolean changesControl() {
        int role = role();
        boolean changes = inForce != pool || roleInForce != role;
        inForce = pool;
        roleInForce = role;
        return changes;
    }

    /**
     * What it has to do with pauses, {@code enum pause_role}. That of a thread without a kind is not known
     * before a second look has found the same name: a GC worker too begins with the name of its parent.
     */
    int role() {
        if (told == null || outdated) {
            return PauseRole.ROLE_UNKNOWN;
        }
        ThreadKind kind = told.kind();
        if (kind == ThreadKind.GC || kind == ThreadKind.VM) {
            return PauseRole.ROLE_WORKER;
        }
        boolean settled = told.javaId() != 0 || kind != ThreadKind.OTHER || toldReads > 0;
        return settled ? PauseRole.ROLE_STOPPED : PauseRole.ROLE_UNKNOWN;
    }

    boolean isIdentified() {
        return identity != null;
    }

    ThreadKind kind() {
        return identity.kind();
    }

    /** As those who read its records know it; the same object as long as nothing is new. */
    KnownThread toKnown() {
        if (known == null || known.identity() != identity) {
            known = new KnownThread(row, generation, tid, identity);
        }
        return known;
    }

    ThreadUsage toUsage(UserMetrics users) {
        StateTimes times = numbers.toTimes();
        return new ThreadUsage(tid, hostTid, startNs, identity, pool.name(), ThreadState.of(numbers.openState()),
                times.wallNs(), times, numbers.toCounts(), numbers.toDistributions(users), numbers.sharesPages());
    }
}
