package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RowControl;
import io.bpfagent.records.RecordLayouts.RowFlags;
import io.bpfagent.records.RecordLayouts.RowLife;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Adds up what the BPF programs write, thread by thread and pool by pool, and hands rows and pages of
 * ended threads out again.
 *
 * <p>Assumptions: one thread calls it; the memory stays mapped; only one ledger works on it; a row that
 * has ended stays as it is until this ledger supplies it again.
 *
 * <p>Guarantees: a thread's times add up to the time since its accounting began. No number of a pool
 * goes down, whatever threads are renamed, identified late or end. What a thread did counts in the pool
 * that it belonged to at the read that found it; as long as the identity source does not know a thread,
 * it goes by the name from {@code thread__start} or the kernel's. No content of the memory makes it
 * throw: what makes no sense is counted in {@link Loss#TORN_ROWS} and the numbers before stand still.
 *
 * <p>Heap: per row 9 bytes, and 1.6 KiB while there is a thread in it; per page 21 bytes, and 2 KiB once
 * it was hit; per bucket that was hit, of an own page or of a pool and state, 12 bytes, and half as much
 * again in snapshots. A page, and a state of one of the at most 513 pools, has 30 to 100 such buckets
 * in practice (1 KiB) and 512 at most; so has each of the at most 73 histograms of events. A snapshot takes
 * 110 bytes for a thread in which nothing has changed, and 1.4 KiB for one that was in three states of 60
 * buckets each. Besides, a read leaves no garbage that grows with the threads, as long as none comes or goes
 * ({@code bin/bench snapshot}).
 */
public final class Ledger implements ThreadLookup {
    private final KernelMemory memory;
    private final IdentitySource identities;
    private final LongSupplier clockNs;
    private final LongSupplier recursionMisses;

    private final RowReader rowReader;
    private final PageReader pageReader;
    private final KernelLosses kernelLosses;
    private final Supplies supplies;
    private final SharedPages sharedPages;
    private final EventAccounts events;
    private final DiskAccounts disks;
    private final RemoteAccounts remotes;
    private final PoolAccounts pools = new PoolAccounts();

    private final ThreadAccount[] accounts;
    /** Rows supplied again, and for which generation: they still say ENDED until they are taken. */
    private final BitSet released;
    private final int[] releasedGenerations;
    private final Row row = new Row();
    private final List<ThreadAccount> live = new ArrayList<>();
    private final List<ThreadAccount> ended = new ArrayList<>();
    private final List<LiveThread> asked = new ArrayList<>();
    private final EndedThreads endedThreads = new EndedThreads();
    /** Those of the snapshot that is being made; as long as threads neither come nor go it is used again. */
    private ThreadUsage[] usages = new ThreadUsage[0];

    /** The first thread's beginning: the programs begin to count all threads at one moment. */
    private long beganNs = Long.MAX_VALUE;
    private boolean begun;
    private long asOfNs = Long.MIN_VALUE;
    /** Rows that have ever been taken are the first so many. */
    private int rowsUsed;
    private long tornRows;
    private long unidentifiedThreads;
    private long poolsOverLimit;
    private UserMetrics users = UserMetrics.NONE;
    /** Null where there are no counters. */
    private CounterReader counters;
    /** Null where contexts are not counted. */
    private ContextAccounts contexts;

    /**
     * A ledger with nothing in it.
     *
     * @param memory          mapped by the caller, all zero or as the BPF programs have written it since
     * @param identities      asked once per read
     * @param clockNs         now, on the clock of the records
     * @param recursionMisses how many runs of the BPF programs the kernel left out so far
     */
    public Ledger(KernelMemory memory, IdentitySource identities, LongSupplier clockNs, LongSupplier recursionMisses) {
        this.memory = memory;
        this.identities = identities;
        this.clockNs = clockNs;
        this.recursionMisses = recursionMisses;
        rowReader = new RowReader(memory.rows());
        pageReader = new PageReader(memory.pages());
        kernelLosses = new KernelLosses(memory.globals());
        supplies = new Supplies(memory);
        sharedPages = new SharedPages(memory, supplies);
        events = new EventAccounts(memory);
        disks = new DiskAccounts(memory);
        remotes = new RemoteAccounts(memory);
        accounts = new ThreadAccount[memory.rowCount()];
        released = new BitSet(accounts.length);
        releasedGenerations = new int[accounts.length];
    }

    /** Puts all rows and pages into the supplies: once, before the BPF programs are attached. */
    public void supplyAll() {
        supplies.supplyAll();
        noteSupplies();
    }

    /**
     * Reads everything once and gives the numbers since the agent began. With 4,000 threads it took 1 ms
     * when nothing had changed and 5 ms when all of them had been in three states (JDK 17).
     */
    public Snapshot read() {
        asOfNs = clockNs.getAsLong();
        endedThreads.beginRead();
        readRows();
        begin();
        identify();
        sharedPages.find(pools.size());
        if (contexts != null) {
            contexts.readEnded();
        }
        for (ThreadAccount account : live) {
            readAgain(account);
            account(account);
        }
        for (ThreadAccount account : ended) {
            account(account);
        }
        for (ThreadAccount account : ended) {
            release(account);
        }
        sharedPages.addNewCounts(pageReader, pools);
        noteSupplies();
        return snapshot(clockNs.getAsLong());
    }

    /** Before the first read: reads these too. */
    public void count(CounterMemory memory) {
        counters = new CounterReader(memory);
    }

    /** Before the first read: counts these too. */
    public void count(ContextMemory memory, ContextTables tables) {
        contexts = new ContextAccounts(memory, tables, this.memory.globals());
    }

    /**
     * Before the first read: virtual threads are counted too, whenever they are followed. @param memory as for contexts
     */
    public void follow(CarrierTimes times, ContextMemory memory) {
        events.follow(new VirtualAccounts(times, memory, supplies));
    }

    /** From now on the slot of {@code metric}, in which there is nothing, is its own. */
    public void add(UserMetric metric) {
        users = users.with(metric);
    }

    /** So many rows, the first ones, have ever been a thread's, as of the last read. */
    public int rowsUsed() {
        return rowsUsed;
    }

    /**
     * Forgets all numbers of {@code metric}, and puts its pages back into the supply. To be called when nothing counts
     * it any more, all that was counted has been read, and the kernel side has taken the pages from the rows.
     */
    public void forget(UserMetric metric) {
        users = users.without(metric);
        for (ThreadAccount account : accounts) {
            if (account != null) {
                account.forget(metric, supplies);
            }
        }
        pools.forget(metric);
        sharedPages.forget(metric.slot());
    }

    private void begin() {
        if (!begun) {
            begun = true;
            beganNs = clockNs.getAsLong();
            for (ThreadAccount account : live) {
                beganNs = Math.min(beganNs, account.startNs());
            }
            for (ThreadAccount account : ended) {
                beganNs = Math.min(beganNs, account.startNs());
            }
        }
    }

    /**
     * Whether more than a quarter of the rows, or of the pages, that were free after the last read have
     * been taken since: then read again sooner, so that those of ended threads come back in time. A page
     * that is not there in time is one that a thread, which may live for long, shares for good. Cheap.
     */
    public boolean runningLow() {
        return supplies.rows().isRunningLow() || supplies.pages().isRunningLow();
    }

    private void noteSupplies() {
        supplies.rows().note();
        supplies.pages().note();
    }

    private void readRows() {
        live.clear();
        ended.clear();
        noteRowsUsed();
        for (int number = 0; number < rowsUsed; number++) {
            int life = rowReader.life(number);
            if (life == RowLife.ROW_FREE && accounts[number] == null || life == RowLife.ROW_ENDED
                    && isReleased(number)) {
                continue;
            }
            boolean valid = rowReader.read(number, row);
            ThreadAccount account = valid ? update(number) : accounts[number];
            if (!valid) {
                tornRows++;
            }
            if (account != null) {
                boolean hasEnded = valid && row.life == RowLife.ROW_ENDED;
                (hasEnded ? ended : live).add(account);
            }
        }
    }

    /**
     * Reads the row of a live thread once more, right before its pages: names may have taken milliseconds,
     * and times and counts are to be of one moment. A thread that has ended meanwhile has its turn in the
     * next read.
     */
    private void readAgain(ThreadAccount account) {
        int number = account.row();
        if (rowReader.read(number, row) && row.life == RowLife.ROW_LIVE && row.generation == account.generation()) {
            // What makes no sense has been counted at the first reading.
            long openNs = openNs();
            account.numbers().update(row, number, openNs, supplies);
            if (contexts != null) {
                contexts.addOpen(number, rowReader, row, openNs);
            }
        }
    }

    /** For how long the thread has been in what it is in; read after the row, so since before this moment. */
    private long openNs() {
        return row.life == RowLife.ROW_ENDED ? 0 : Math.max(0, clockNs.getAsLong() - row.sinceNs);
    }

    /** Rows are taken in the order of the supply: of those that it has not come to yet, none is read. */
    private void noteRowsUsed() {
        int taken = supplies.rows().taken();
        if (Integer.compareUnsigned(taken, rowsUsed) > 0) {
            rowsUsed = Integer.compareUnsigned(taken, accounts.length) < 0 ? taken : accounts.length;
        }
    }

    private boolean isReleased(int number) {
        return released.get(number) && releasedGenerations[number] == rowReader.generation(number);
    }

    private ThreadAccount update(int number) {
        ThreadAccount account = accounts[number];
        if (account == null || account.generation() != row.generation) {
            account = new ThreadAccount(row, number, pools.other());
            accounts[number] = account;
        }
        boolean hasEnded = row.life == RowLife.ROW_ENDED;
        boolean plausible = account.numbers().update(row, number, openNs(), supplies);
        plausible &= account.updateMeters(memory, supplies);
        plausible &= counters == null || account.numbers().updateCounters(counters, number, row.generation);
        tornRows += plausible ? 0 : 1;
        account.readNames(rowReader, row, hasEnded);
        return account;
    }

    private void identify() {
        asked.clear();
        for (ThreadAccount account : live) {
            asked.add(account.toLiveThread());
        }
        Map<Integer, ThreadIdentity> said = asked.isEmpty() ? Map.of() : identities.identify(asked);
        for (ThreadAccount account : live) {
            account.identify(said.isEmpty() ? null : said.get(account.tid()), pools);
            unidentifiedThreads += account.becomesUnidentified(false) ? 1 : 0;
        }
        for (ThreadAccount account : ended) {
            account.identify(null, pools);
            unidentifiedThreads += account.becomesUnidentified(true) ? 1 : 0;
        }
    }

    private void account(ThreadAccount account) {
        poolsOverLimit += account.becomesOverLimit() ? 1 : 0;
        account.give(memory, pageReader);
        if (account.changesControl()) {
            int control = account.row() * RowControl.SIZE;
            // Pool and role are neighbours, and one word to whoever reads either of them.
            int poolAndRole = account.pool().index() | account.role() << Short.SIZE;
            Words.setRelease(memory.controls(), control + RowControl.POOL, poolAndRole);
            Words.setRelease(memory.controls(), control + RowControl.GENERATION, account.generation());
        }
    }

    private void release(ThreadAccount account) {
        int number = account.row();
        if (!account.numbers().isUntouched()) {
            account.pool().addEnded();
        }
        account.releasePages(supplies);
        accounts[number] = null;
        endedThreads.add(account.toKnown());
        released.set(number);
        releasedGenerations[number] = account.generation();
        if (contexts != null) {
            contexts.end(number);
        }
        supplies.rows().put(number);
    }

    private Snapshot snapshot(long atNs) {
        pools.forgetThreads();
        long sharing = 0;
        if (usages.length != live.size()) {
            usages = new ThreadUsage[live.size()];
        }
        for (int i = 0; i < usages.length; i++) {
            ThreadAccount account = live.get(i);
            usages[i] = account.toUsage(users);
            account.pool().threads++;
            sharing += usages[i].sharesPages() ? 1 : 0;
        }
        List<ThreadUsage> threads = List.of(usages);
        Arrays.fill(usages, null);
        return new Snapshot(atNs, beganNs, threads, pools.toUsages(users), events.read(pageReader),
                disks.read(pageReader),
                List.of(), List.of(), remotes.read(),
                contexts == null ? ContextsReading.OFF : contexts.read(pageReader, supplies), losses(sharing));
    }

    @Override
    public long asOfNs() {
        return asOfNs;
    }

    @Override
    public String nameOfVirtual(long id) {
        return events.nameOfVirtual(id);
    }

    @Override
    public KnownThread find(int row, int generation) {
        ThreadAccount account = row < 0 || row >= accounts.length ? null : accounts[row];
        // One without an identity was found by a read that the identity source has failed.
        boolean known = account != null && account.generation() == generation && account.isIdentified();
        return known ? account.toKnown() : endedThreads.find(row, generation);
    }

    @Override
    public List<String> contextNames(int node) {
        return contexts == null || node == 0 ? List.of() : contexts.names(node);
    }

    @Override
    public TraceSpan span(int number) {
        return contexts == null || number == 0 ? null : contexts.span(number);
    }

    @Override
    public void forEachLive(ThreadKind kind, OpenStays consumer) {
        for (ThreadAccount account : live) {
            if (account.isIdentified() && account.kind() == kind) {
                boolean valid = rowReader.read(account.row(), row);
                boolean same = valid && row.life == RowLife.ROW_LIVE && row.generation == account.generation();
                if (same) {
                    boolean throttled = (row.flags & RowFlags.FLAG_THROTTLED) != 0;
                    consumer.accept(account.toKnown(), row.state, row.sinceNs, throttled);
                } else if (!valid) {
                    consumer.accept(account.toKnown(), STATE_UNKNOWN, 0, false);
                }
            }
        }
    }

    private Losses losses(long sharing) {
        EnumMap<Loss, Long> losses = new EnumMap<>(Loss.class);
        kernelLosses.readInto(losses);
        losses.put(Loss.RECURSION_MISSES, recursionMisses.getAsLong());
        losses.put(Loss.TORN_ROWS, tornRows);
        losses.put(Loss.UNIDENTIFIED_THREADS, unidentifiedThreads);
        losses.put(Loss.THREADS_SHARING_PAGES, sharing);
        losses.put(Loss.POOLS_OVER_LIMIT, poolsOverLimit);
        if (contexts != null) {
            contexts.readLossesInto(losses);
        }
        losses.put(Loss.VIRTUAL_THREADS_WITHOUT_PLACE, events.lostVirtualThreads());
        return new Losses(losses);
    }
}
