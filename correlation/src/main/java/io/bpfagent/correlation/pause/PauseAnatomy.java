package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.pause.LateThreads.Late;
import io.bpfagent.correlation.pause.PauseWindow.OpenStay;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes one pause apart: who did what in it, and where its wall time went.
 *
 * <p>Of a thread there are records of the stays that ended in the pause, so the first tells what it did before
 * and the last what it did after. A thread without a record was in one state all through: the record of its next
 * stay or its row tells, unless it was blocked. The thread that made the pause was running at its begin and its end.
 *
 * <p>Guarantees, whatever the records: the parts add up to the pause, a thread's times to the window that it was
 * there, its occupants to its runnable time; nothing is negative. One thread; what is given is immutable,
 * everything else is scratch that is used for the next pause.
 */
final class PauseAnatomy {
    private final WindowThreads threads = new WindowThreads();
    private final LaterRecords later = new LaterRecords();
    private final Timeline timeline = new Timeline();
    private final PauseDivision division = new PauseDivision();
    private final Occupants occupants = new Occupants();
    private final CpuOccupants cpus = new CpuOccupants(occupants);
    private final LateThreads lateThreads = new LateThreads();

    private PauseWindow window;
    private EndedPause pause;
    private List<PauseThread> listed;

    PauseDetail of(PauseWindow window) {
        this.window = window;
        this.pause = window.pause();
        this.listed = new ArrayList<>();
        threads.read(window.records(), window.from(), window.to());
        later.begin(window.records());
        later.moveTo(pause.endNs());
        occupants.begin();
        cpus.read(window, threads, later);
        division.begin();
        addVmThread();
        addGcThreads();
        PauseParts parts = division.divide(pause);
        addLateThreads();
        return new PauseDetail(parts, listed);
    }

    private void addVmThread() {
        int thread = threads.find(pause.thread());
        timeline.begin(pause.beginNs(), pause.endNs());
        if (thread == WindowThreads.NONE) {
            timeline.add(pause.beginNs(), pause.endNs(), ThreadState.STATE_RUNNING, Timeline.NO_CPU, false);
        } else {
            timeline.addStays(window.records(), threads, thread, ThreadState.STATE_RUNNING, false,
                    PauseWindow.NEVER);
        }
        division.add(timeline);
        list(window.maker(), PauseRole.VM, pause.minorFaults(), pause.majorFaults());
    }

    private void addGcThreads() {
        for (int thread = 0; thread < threads.size(); thread++) {
            KnownThread known = threads.key(thread) == pause.thread() ? null : window.known(thread);
            if (known != null && known.identity().kind() == ThreadKind.GC) {
                timeline.begin(pause.beginNs(), pause.endNs());
                timeline.addStays(window.records(), threads, thread, Timeline.NO_STATE, true,
                        window.runsFromNs(later, threads.key(thread)));
                addGcThread(known, thread);
            }
        }
        for (OpenStay open : window.open()) {
            if (open.key() != pause.thread() && threads.find(open.key()) == WindowThreads.NONE) {
                addUnchanged(open);
            }
        }
        sortGcThreads();
    }

    /** Of a GC thread whose state did not change in the pause. */
    private void addUnchanged(OpenStay open) {
        Records records = window.records();
        int next = later.ofThread(open.key());
        boolean recorded = next != WindowThreads.NONE;
        int state = recorded ? records.state(next) : open.state();
        long sinceNs = recorded ? records.sinceNs(next) : open.sinceNs();
        boolean active = state == ThreadState.STATE_RUNNING || state == ThreadState.STATE_RUNNABLE;
        if (active && sinceNs < pause.endNs()) {
            timeline.begin(pause.beginNs(), pause.endNs());
            timeline.addRest(sinceNs, state, recorded ? records.cpu(next) : Timeline.NO_CPU,
                    recorded ? records.endsThrottled(next) : open.throttled());
            addGcThread(open.thread(), WindowThreads.NONE);
        }
    }

    private void addGcThread(KnownThread known, int thread) {
        division.add(timeline);
        listWithFaults(known, PauseRole.GC, thread, pause.endNs());
    }

    /** By tid, which is the order in which they were made; they come in the order of their first records. */
    private void sortGcThreads() {
        for (int i = 2; i < listed.size(); i++) {
            PauseThread thread = listed.get(i);
            int at = i;
            for (; at > 1 && listed.get(at - 1).tid() > thread.tid(); at--) {
                listed.set(at, listed.get(at - 1));
            }
            listed.set(at, thread);
        }
    }

    private void addLateThreads() {
        for (Late late : lateThreads.find(window, threads)) {
            timeline.begin(pause.beginNs(), late.stopNs());
            timeline.addStays(window.records(), threads, late.thread, Timeline.NO_STATE, true, PauseWindow.NEVER);
            listWithFaults(late.known, PauseRole.LATE, late.thread, late.stopNs());
        }
    }

    /** Lists the thread whose timeline it is, with the faults that its stays tell of. */
    private void listWithFaults(KnownThread known, PauseRole role, int thread, long untilNs) {
        if (thread == WindowThreads.NONE) {
            list(known, role, 0, 0);
            return;
        }
        Records records = window.records();
        int first = threads.first(thread);
        int last = lastUpTo(first, untilNs);
        list(known, role, Integer.toUnsignedLong(records.minorFaults(last) - records.minorFaults(first)),
                Integer.toUnsignedLong(records.majorFaults(last) - records.majorFaults(first)));
    }

    /** The thread's last stay that ended no later, its first if there is none. */
    private int lastUpTo(int first, long untilNs) {
        int last = first;
        for (int i = first; i != WindowThreads.NONE && window.records().untilNs(i) <= untilNs; i = threads.next(i)) {
            last = i;
        }
        return last;
    }

    /** Lists the thread whose timeline it is. */
    private void list(KnownThread known, PauseRole role, long minorFaults, long majorFaults) {
        occupants.beginThread();
        for (int i = 0; i < timeline.size(); i++) {
            if (timeline.state(i) == ThreadState.STATE_RUNNABLE) {
                if (timeline.isThrottled(i)) {
                    occupants.add(Occupants.THROTTLED, timeline.endNs(i) - timeline.startNs(i));
                } else {
                    cpus.addWait(timeline.cpu(i), timeline.startNs(i), timeline.endNs(i));
                }
            }
        }
        listed.add(new PauseThread(known == null ? 0 : known.tid(), known == null ? "" : known.identity().name(), role,
                timeline.toTimes(), minorFaults, majorFaults, occupants.toList()));
    }
}
