package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PageReaderTest {
    private final ByteBuffer pages = ByteBuffer.allocateDirect(2 * 2048).order(ByteOrder.LITTLE_ENDIAN);
    private final PageReader reader = new PageReader(RecordArray.of(pages, 2048));

    @Test
    void addsOnlyWhatIsNew() {
        BucketCounts counts = new BucketCounts();
        set(1, 7, 23);
        assertEquals(23, reader.addNewCounts(1, counts, null));
        assertEquals(0, reader.addNewCounts(1, counts, null));
        set(1, 7, 25);
        set(1, 511, 1);
        assertEquals(3, reader.addNewCounts(1, counts, null));
        assertEquals(26, counts.toDistribution(0, 0).count());
    }

    @Test
    void goesOnWhereACounterBeginsAgain() {
        set(0, 3, -2);
        assertEquals(0xfffffffeL, reader.addNewCounts(0, new BucketCounts(), null));
        set(0, 3, 5);
        assertEquals(7, reader.addNewCounts(0, new BucketCounts(), null));
    }

    @Test
    void givesBothTheirPart() {
        BucketCounts own = new BucketCounts();
        BucketCounts pool = new BucketCounts();
        pool.add(9, 1);
        set(0, 9, 4);
        reader.addNewCounts(0, own, pool);
        assertEquals(4, own.toDistribution(0, 0).count());
        assertEquals(5, pool.toDistribution(0, 0).count());
    }

    @Test
    void keepsPagesApart() {
        set(0, 1, 10);
        set(1, 1, 20);
        assertEquals(10, reader.addNewCounts(0, new BucketCounts(), null));
        assertEquals(20, reader.addNewCounts(1, new BucketCounts(), null));
        BucketCounts nothing = new BucketCounts();
        reader.addNewCounts(0, nothing, null);
        assertTrue(nothing.isEmpty());
    }

    private void set(int page, int bucket, int count) {
        pages.putInt(page * 2048 + bucket * 4, count);
    }
}
