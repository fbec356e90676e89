package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.PageNumbers;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.WaitedBehind;
import java.util.Arrays;

/**
 * The numbers of one thread since its accounting began, and how much of them its pools have been given.
 *
 * <p>A pool gets what was added since the thread's last read, the unfinished stay included, so a rename
 * takes nothing out of a pool. Where the kernel ends a stay a little before the moment up to which it
 * was given, the difference (the time of a read, under 1 us) is held back until the state has more.
 *
 * <p>Heap: about 1.6 KiB, and 12 bytes for each bucket that was hit.
 */
final class ThreadNumbers {
    private static final int STATES = RecordSizes.STATES;

    private long[] numbers = new long[3 * STATES];
    private final int[] rawCounts = new int[STATES];
    private final int[] pages = new int[STATES];
    private final int[] countedInPage = new int[STATES];
    private int openState;
    private long openNs;
    /** The kernel's counters as they were last read; the first time as they were when the accounting began. */
    private int[] counters;
    private final long[] waitedNs = new long[WaitedBehind.WAITED_BEHIND];
    private final CountsAccount counts = new CountsAccount();
    private long[] newCounts = new long[ThreadCounts.NUMBERS];
    /** What the counters had counted, as they were last read; null where there are none. */
    private long[] counted;

    private final long[] givenTimeNs = new long[STATES];
    private final long[] givenCount = new long[STATES];
    private final long[] givenMaxNs = new long[STATES];
    private final long[] givenSumNs = new long[STATES];
    private final long[] givenLongestNs = new long[STATES];
    private final DistributionAccounts distributions = new DistributionAccounts();

    /**
     * Takes over a row's numbers.
     *
     * @param openNs for how long the thread has been in the row's state, 0 if it has ended
     * @return false if something in the row contradicts what it said before; it is taken as it is now
     */
    boolean update(Row row, int rowNumber, long openNs, Supplies supplies) {
        boolean plausible = true;
        boolean copied = false;
        for (int s = 0; s < STATES; s++) {
            long timeNs = row.timeNs[s];
            long maxNs = row.maxNs[s];
            if (row.count[s] != rawCounts[s] || timeNs != numbers[StateTimes.TIME + s]
                    || maxNs != numbers[StateTimes.MAX + s]) {
                if (!copied) {
                    numbers = numbers.clone(); // the old one is in a snapshot
                    copied = true;
                }
                if (timeNs < numbers[StateTimes.TIME + s] || maxNs < numbers[StateTimes.MAX + s]) {
                    plausible = false;
                } else {
                    numbers[StateTimes.COUNT + s] += Integer.toUnsignedLong(row.count[s] - rawCounts[s]);
                }
                rawCounts[s] = row.count[s];
                numbers[StateTimes.TIME + s] = timeNs;
                numbers[StateTimes.MAX + s] = maxNs;
            }
            if (row.page[s] != pages[s]) {
                plausible &= takePage(s, row.page[s], rowNumber, supplies);
            }
        }
        openState = row.state;
        this.openNs = openNs;
        return plausible & updateCounts(row);
    }

    private boolean updateCounts(Row row) {
        counters = counters == null ? row.firstCounter.clone() : counters;
        for (int i = 0; i < counters.length; i++) {
            if (row.counter[i] != counters[i]) {
                note(i, Integer.toUnsignedLong(row.counter[i] - counters[i]));
                counters[i] = row.counter[i];
            }
        }
        boolean plausible = true;
        for (int i = 0; i < waitedNs.length; i++) {
            long more = row.waitedNs[i] - waitedNs[i];
            plausible &= more >= 0;
            if (more > 0) {
                note(ThreadCounts.WAITED_NS + i, more);
                waitedNs[i] = row.waitedNs[i];
            }
        }
        return plausible;
    }

    /** Takes over what counters have counted for the thread in the row. False as {@link #update}. */
    boolean updateCounters(CounterReader reader, int rowNumber, int generation) {
        long[] now = reader.read(rowNumber, generation);
        if (now == null) {
            return false;
        }
        counted = counted == null ? new long[reader.numbers()] : counted;
        boolean plausible = true;
        for (int i = 0; i < now.length; i++) {
            long more = now[i] - counted[i];
            plausible &= more >= 0;
            note(reader.index(i), Math.max(0, more));
            counted[i] = Math.max(counted[i], now[i]);
        }
        return plausible;
    }

    private void note(int number, long more) {
        counts.add(number, more);
        if (number >= newCounts.length) {
            newCounts = Arrays.copyOf(newCounts, number + 1);
        }
        newCounts[number] += more;
    }

    private boolean takePage(int state, int page, int rowNumber, Supplies supplies) {
        if (pages[state] != PageNumbers.PAGE_NONE
                || page != PageNumbers.PAGE_SHARED && !supplies.own(page, rowNumber)) {
            return false;
        }
        pages[state] = page;
        return true;
    }

    /** Reads the thread's own pages and gives its pool what is new. */
    void giveTo(PoolAccount pool, PageReader reader) {
        for (int i = 0; i < newCounts.length; i++) {
            if (newCounts[i] != 0) {
                pool.counts().add(i, newCounts[i]);
                newCounts[i] = 0;
            }
        }
        for (int s = 0; s < STATES; s++) {
            long timeNs = numbers[StateTimes.TIME + s] + (s == openState ? openNs : 0);
            if (timeNs > givenTimeNs[s]) {
                pool.addTime(s, timeNs - givenTimeNs[s]);
                givenTimeNs[s] = timeNs;
            }
            long count = numbers[StateTimes.COUNT + s];
            if (count != givenCount[s]) {
                pool.addCount(s, count - givenCount[s]);
                givenCount[s] = count;
            }
            long maxNs = numbers[StateTimes.MAX + s];
            if (maxNs > givenMaxNs[s]) {
                pool.raiseMax(s, maxNs);
                givenMaxNs[s] = maxNs;
            }
            // All of an own page's counts are this thread's: equal to the row's, there is nothing new.
            boolean isNew = numbers[StateTimes.TIME + s] != givenSumNs[s] || countedInPage[s] != rawCounts[s]
                    || maxNs > givenLongestNs[s];
            if (isNew && pages[s] != PageNumbers.PAGE_NONE && pages[s] != PageNumbers.PAGE_SHARED) {
                DistributionAccount own = distributions.of(s);
                DistributionAccount pooled = pool.distributions().of(s);
                giveSum(s, own, pooled);
                if (countedInPage[s] != rawCounts[s]) {
                    countedInPage[s] += (int) own.addNewCounts(reader, pages[s], pooled);
                }
            }
        }
    }

    /** Gives sum and maximum to where the counts go. */
    private void giveSum(int s, DistributionAccount own, DistributionAccount pooled) {
        long ns = Math.max(0, numbers[StateTimes.TIME + s] - givenSumNs[s]);
        long maxNs = numbers[StateTimes.MAX + s];
        long longestNs = maxNs > givenLongestNs[s] ? maxNs : 0;
        if (ns == 0 && longestNs == 0) {
            return;
        }
        givenSumNs[s] += ns;
        givenLongestNs[s] = Math.max(givenLongestNs[s], maxNs);
        pooled.add(ns, longestNs);
        own.add(ns, longestNs);
    }

    /** Puts the thread's own pages back into the supply; their counts must have been given. */
    void releasePages(Supplies supplies) {
        for (int s = 0; s < STATES; s++) {
            if (pages[s] != PageNumbers.PAGE_NONE && pages[s] != PageNumbers.PAGE_SHARED) {
                supplies.release(pages[s]);
            }
        }
    }

    /** Whether no stay has ever ended, which is so of a row that lost the race for its thread. */
    boolean isUntouched() {
        for (int s = 0; s < STATES; s++) {
            if (numbers[StateTimes.COUNT + s] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Of the thread: what else is counted of it goes here too. */
    DistributionAccounts distributions() {
        return distributions;
    }

    boolean sharesPages() {
        for (int page : pages) {
            if (page == PageNumbers.PAGE_SHARED) {
                return true;
            }
        }
        return false;
    }

    int openState() {
        return openState;
    }

    StateTimes toTimes() {
        return new StateTimes(numbers, openState, openNs);
    }

    ThreadCounts toCounts() {
        return counts.toCounts();
    }

    Distributions toDistributions(UserMetrics users) {
        return distributions.toDistributions(users);
    }
}
