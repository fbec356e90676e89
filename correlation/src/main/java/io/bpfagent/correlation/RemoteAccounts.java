package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Remote;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * With whom the host has had connections since the agent began. Numbers are read one by one: those of one remote may be
 * of moments some microseconds apart. One thread; no content of the memory makes it throw.
 */
final class RemoteAccounts {
    /** Incoming ones are the first so many. */
    private static final int INCOMING = RecordSizes.REMOTES / 2;
    private static final int PORT_MASK = 0xffff;

    private final ByteBuffer remotes;
    private final String[] addresses = new String[RecordSizes.REMOTES];
    /** Whose these are: a place is given to another when its remote has been forgotten. */
    private final long[] tags = new long[RecordSizes.REMOTES];

    RemoteAccounts(KernelMemory memory) {
        this.remotes = memory.remotes();
    }

    /** As they are now: outgoing ones first; of each kind all others last. */
    List<RemoteUsage> read() {
        List<RemoteUsage> known = new ArrayList<>();
        readKind(INCOMING, RecordSizes.REMOTES, known);
        readKind(0, INCOMING, known);
        return known;
    }

    private void readKind(int others, int end, List<RemoteUsage> known) {
        for (int remote = others + 1; remote < end; remote++) {
            int at = remote * Remote.SIZE;
            if (Words.getAcquire(remotes, at + Remote.ENTERED) != 0) {
                learnAddress(remote, at);
                known.add(read(remote, at));
            }
        }
        RemoteUsage all = read(others, others * Remote.SIZE);
        if (all.isUsed()) {
            known.add(all);
        }
    }

    private void learnAddress(int remote, int at) {
        long tag = get(at + Remote.TAG);
        if (addresses[remote] == null || tag != tags[remote]) {
            tags[remote] = tag;
            byte[] bytes = new byte[RecordSizes.ADDRESS_BYTES];
            remotes.get(at + Remote.ADDRESS, bytes);
            addresses[remote] = InternetAddress.text(bytes);
        }
    }

    private RemoteUsage read(int remote, int at) {
        return new RemoteUsage(addresses[remote], remotes.getShort(at + Remote.PORT) & PORT_MASK, remote < INCOMING,
                Integer.toUnsignedLong(Words.getAcquire(remotes, at + Remote.OPEN)), get(at + Remote.BEGUN),
                get(at + Remote.FOUND), get(at + Remote.CLOSED), get(at + Remote.FAILED),
                get(at + Remote.RETRANSMITS), get(at + Remote.RESETS_RECEIVED), get(at + Remote.RESETS_SENT),
                get(at + Remote.BYTES_SENT), get(at + Remote.BYTES_RECEIVED),
                new RemoteUsage.Rtt(get(at + Remote.RTT_COUNT), get(at + Remote.RTT_SUM_NS),
                        get(at + Remote.RTT_MIN_NS), get(at + Remote.RTT_MAX_NS), get(at + Remote.RTT_LAST_NS)),
                new RemoteUsage.Life(get(at + Remote.LIVES), get(at + Remote.LIFE_SUM_NS),
                        get(at + Remote.LIFE_MAX_NS)), get(at + Remote.FORGOTTEN));
    }

    private long get(int at) {
        return Words.getOpaqueLong(remotes, at);
    }
}
