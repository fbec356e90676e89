package io.bpfagent.otlp;

import java.nio.charset.StandardCharsets;

/**
 * What a receiver says that it has not taken of a request that it has otherwise taken: the answer's
 * {@code ExportMetricsServiceResponse.partial_success}, which the SDK's exporter does not look at.
 *
 * @param rejected how many points
 * @param why      as the receiver says it, may be empty
 */
record PartialSuccess(long rejected, String why) {
    /** All was taken. */
    static final PartialSuccess ALL = new PartialSuccess(0, "");

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;
    private static final int WIRE_TYPE_BITS = 3;
    private static final int MOST_WHY = 200;

    /** Of the body of an answer; {@link #ALL} of what cannot be read, which is the receiver's own mistake. */
    static PartialSuccess of(byte[] body) {
        try {
            return new Reader(body, 0, body.length).answer();
        } catch (IndexOutOfBoundsException e) {
            return ALL;
        }
    }

    /** Reads fields of a protobuf message. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        PartialSuccess answer() {
            while (at < end) {
                long tag = varint();
                if (tag == (1 << WIRE_TYPE_BITS | LENGTH)) {
                    int length = length();
                    return new Reader(bytes, at, at + length).rejected();
                }
                skip(tag);
            }
            return ALL;
        }

        private PartialSuccess rejected() {
            long rejected = 0;
            String why = "";
            while (at < end) {
                long tag = varint();
                if (tag == (1 << WIRE_TYPE_BITS | VARINT)) {
                    rejected = varint();
                } else if (tag == (2 << WIRE_TYPE_BITS | LENGTH)) {
                    int length = length();
                    why = new String(bytes, at, Math.min(length, MOST_WHY), StandardCharsets.UTF_8);
                    at += length;
                } else {
                    skip(tag);
                }
            }
            return new PartialSuccess(Math.max(0, rejected), why);
        }

        private void skip(long tag) {
            int type = (int) tag & (1 << WIRE_TYPE_BITS) - 1;
            switch (type) {
                case VARINT -> varint();
                case FIXED64 -> at += Long.BYTES;
                case LENGTH -> {
                    int length = length();
                    at += length;
                }
                case FIXED32 -> at += Integer.BYTES;
                default -> throw new IndexOutOfBoundsException(type);
            }
        }

        private int length() {
            long length = varint();
            if (length < 0 || length > end - at) {
                throw new IndexOutOfBoundsException(at);
            }
            return (int) length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at >= end) {
                    throw new IndexOutOfBoundsException(at);
                }
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException(at);
        }
    }
}
