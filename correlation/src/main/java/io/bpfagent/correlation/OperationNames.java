package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.OperationName;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The names of VM operations, by their number in the kernel's table. An entry does not change once its
 * address is there, which the kernel side writes last. One thread; no bytes whatever make it throw.
 */
public final class OperationNames {
    private final ByteBuffer globals;
    private final String[] names = new String[RecordSizes.OPERATIONS];

    /** Of the table in these globals. */
    public OperationNames(KernelMemory memory) {
        this.globals = memory.globals();
    }

    /** The name, for example {@code G1CollectForAllocation}, or null if there is none with this number. */
    public String of(int operation) {
        if (operation < 0 || operation >= names.length) {
            return null;
        }
        if (names[operation] == null && Words.getAcquireLong(globals, offset(operation)) != 0) {
            names[operation] = read(offset(operation));
        }
        return names[operation];
    }

    /** Where the entry begins. */
    static int offset(int operation) {
        return Globals.OPERATIONS + operation * OperationName.SIZE;
    }

    /** Never null: that a name could not be read is known for good. */
    private String read(int entry) {
        int said = Byte.toUnsignedInt(globals.get(entry + OperationName.LENGTH));
        int most = Math.min(said, RecordSizes.OPERATION_NAME_BYTES);
        byte[] text = new byte[most];
        int length = 0;
        for (; length < most; length++) {
            byte b = globals.get(entry + OperationName.NAME + length);
            if (b == 0) {
                break;
            }
            // HotSpot's names are Java identifiers, Shenandoah's have blanks; nothing else is to reach a terminal.
            text[length] = b >= ' ' && b < 127 ? b : (byte) '?';
        }
        return length == 0 ? Pause.UNKNOWN_OPERATION : new String(text, 0, length, StandardCharsets.US_ASCII);
    }
}
