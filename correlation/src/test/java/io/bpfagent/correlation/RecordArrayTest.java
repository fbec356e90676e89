package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordArrayTest {
    private final List<String> mapped = new ArrayList<>();
    private final RecordArray records = new RecordArray(8, 10, 4) {
        @Override
        protected ByteBuffer map(int first, int count) {
            mapped.add(first + "+" + count);
            ByteBuffer piece = ByteBuffer.allocateDirect(count * 8);
            for (int i = 0; i < count; i++) {
                piece.putLong(i * 8, Long.reverseBytes(first + i));
            }
            return piece;
        }
    };

    @Test
    void mapsAPieceWhenOneOfItsRecordsIsAskedFor() {
        assertEquals(List.of(), mapped);
        assertEquals(5, get(5));
        assertEquals(List.of("4+4"), mapped);
        for (int i = 9; i >= 0; i--) {
            assertEquals(i, get(i));
        }
        assertEquals(List.of("4+4", "8+2", "0+4"), mapped);
    }

    private long get(int record) {
        return records.piece(record).getLong(records.offset(record));
    }

    @Test
    void takesWhatIsThereAsOnePiece() {
        RecordArray all = RecordArray.of(ByteBuffer.allocateDirect(24), 8);
        assertEquals(3, all.count());
        assertEquals(1, all.pieces());
        assertEquals(16, all.offset(2));
    }

    @Test
    void refusesImpossibleSizes() {
        assertThrows(IllegalArgumentException.class, () -> RecordArray.of(ByteBuffer.allocateDirect(8), -1));
    }
}
