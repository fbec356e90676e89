package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Remote;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With whom the host has connections, from the kernel's table to a snapshot. */
class RemoteAccountsTest {
    private static final int OUTGOING = RecordSizes.REMOTES / 2;
    private final FakeKernel kernel = new FakeKernel(8, 40);
    private final Ledger ledger = kernel.ledger(threads -> Map.of());

    private void enter(int number, int port, int... address) {
        int at = number * Remote.SIZE;
        kernel.remotes.putLong(at + Remote.TAG, number + 1L);
        kernel.remotes.putShort(at + Remote.PORT, (short) port);
        for (int i = 0; i < address.length; i++) {
            kernel.remotes.put(at + Remote.ADDRESS + i, (byte) address[i]);
        }
        kernel.remotes.putInt(at + Remote.ENTERED, 1);
    }

    private void set(int number, int field, long value) {
        kernel.remotes.putLong(number * Remote.SIZE + field, value);
    }

    @Test
    void readsEveryField() {
        enter(OUTGOING + 5, 65_432, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7);
        kernel.remotes.putInt((OUTGOING + 5) * Remote.SIZE + Remote.OPEN, 9);
        int[] fields = {Remote.BEGUN, Remote.FOUND, Remote.CLOSED, Remote.FAILED, Remote.RETRANSMITS,
                Remote.RESETS_RECEIVED,
            Remote.RESETS_SENT, Remote.BYTES_SENT, Remote.BYTES_RECEIVED, Remote.RTT_COUNT, Remote.RTT_SUM_NS,
            Remote.RTT_MIN_NS, Remote.RTT_MAX_NS, Remote.RTT_LAST_NS, Remote.LIVES, Remote.LIFE_SUM_NS,
            Remote.LIFE_MAX_NS};
        for (int i = 0; i < fields.length; i++) {
            set(OUTGOING + 5, fields[i], 10 + i);
        }
        Snapshot first = ledger.read();
        assertEquals(List.of(new RemoteUsage("10.0.0.7", 65_432, false, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
                new RemoteUsage.Rtt(19, 20, 21, 22, 23), new RemoteUsage.Life(24, 25, 26))), first.remotes());
        set(OUTGOING + 5, Remote.BEGUN, 33);
        assertEquals(List.of(new RemoteUsage("10.0.0.7", 65_432, false, 9, 23, 0, 0, 0, 0, 0, 0, 0, 0,
                new RemoteUsage.Rtt(0, 0, 21, 22, 23), new RemoteUsage.Life(0, 0, 26))),
                ledger.read().minus(first).remotes());
    }

    /** Its numbers are among those of all others then, which had none of them in the interval. */
    @Test
    void whatIsForgottenHasNotJustHappened() {
        enter(OUTGOING + 5, 443, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7);
        set(OUTGOING + 5, Remote.BEGUN, 23);
        set(OUTGOING + 5, Remote.BYTES_SENT, 2_300);
        set(OUTGOING, Remote.BEGUN, 100);
        Snapshot before = ledger.read();
        set(OUTGOING, Remote.BEGUN, 124);
        set(OUTGOING, Remote.BYTES_SENT, 2_307);
        set(OUTGOING, Remote.FORGOTTEN, 1);
        enter(OUTGOING + 5, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 8);
        set(OUTGOING + 5, Remote.TAG, 99);
        set(OUTGOING + 5, Remote.BEGUN, 2);
        set(OUTGOING + 5, Remote.BYTES_SENT, 5);
        List<RemoteUsage> remotes = ledger.read().minus(before).remotes();
        assertEquals(List.of("out 10.0.0.8 80", "out null 0"), remotes.stream().map(RemoteUsage::key).toList());
        assertEquals(2, remotes.get(0).begun());
        assertEquals(1, remotes.get(1).begun());
        assertEquals(7, remotes.get(1).bytesSent());
        assertEquals(1, remotes.get(1).forgotten());
    }

    /** The same one comes again, on its place or another. */
    @Test
    void whatHasComeAgainBeginsAnew() {
        enter(OUTGOING + 5, 443, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7);
        set(OUTGOING + 5, Remote.BEGUN, 23);
        Snapshot before = ledger.read();
        set(OUTGOING + 5, Remote.BEGUN, 4);
        set(OUTGOING, Remote.BEGUN, 23);
        set(OUTGOING, Remote.FORGOTTEN, 1);
        List<RemoteUsage> remotes = ledger.read().minus(before).remotes();
        assertEquals(4, remotes.get(0).begun());
        assertEquals(0, remotes.get(1).begun());
    }

    @Test
    void givesOutgoingOnesFirstAndOfEachKindAllOthersLast() {
        enter(1, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        enter(OUTGOING + 63, 443, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
        set(0, Remote.BEGUN, 1);
        set(OUTGOING, Remote.FAILED, 1);
        List<RemoteUsage> remotes = ledger.read().remotes();
        assertEquals(List.of("out 2001:db8::2 443", "out null 0", "in 2001:db8::1 0", "in null 0"),
                remotes.stream().map(RemoteUsage::key).toList());
        assertNull(remotes.get(3).address());
    }

    @Test
    void waitsForAnEntryThatIsBeingWritten() {
        kernel.remotes.putLong(7 * Remote.SIZE + Remote.TAG, 23);
        assertEquals(List.of(), ledger.read().remotes());
    }

    @Test
    void tellsWhatHadNoPlace() {
        kernel.lose(KernelLosses.CONNECTIONS_OVER_LIMIT);
        kernel.lose(KernelLosses.REMOTES_OVER_LIMIT);
        kernel.lose(KernelLosses.REMOTES_OVER_LIMIT);
        Losses losses = ledger.read().losses();
        assertEquals(1, losses.get(Loss.CONNECTIONS_OVER_LIMIT));
        assertEquals(2, losses.get(Loss.REMOTES_OVER_LIMIT));
    }

    @Test
    void takesAnyGarbage() {
        Random random = new Random(23);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[kernel.remotes.capacity()];
            random.nextBytes(garbage);
            kernel.remotes.put(0, garbage);
            Snapshot before = ledger.read();
            ledger.read().minus(before);
        }
    }
}
