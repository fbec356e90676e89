package io.bpfagent.correlation;

/**
 * HotSpot's own encoding of names (JVMS 4.4.7): as UTF-8, but a surrogate is a character of its own
 * with three bytes, and NUL has two.
 */
final class ModifiedUtf8 {
    private ModifiedUtf8() {
    }

    /**
     * The text of the first {@code length} bytes. A character cut off at the end is left out; a wrong byte is U+FFFD.
     */
    static String decode(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        int i = 0;
        while (i < length) {
            int first = bytes[i] & 0xff;
            int size = first < 0x80 ? 1 : first >> 5 == 0b110 ? 2 : first >> 4 == 0b1110 ? 3 : 0;
            if (size > length - i) {
                break;
            }
            if (size == 1) {
                text.append((char) first);
            } else if (size == 2 && continues(bytes[i + 1])) {
                text.append((char) ((first & 0x1f) << 6 | bytes[i + 1] & 0x3f));
            } else if (size == 3 && continues(bytes[i + 1]) && continues(bytes[i + 2])) {
                text.append((char) ((first & 0x0f) << 12 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
            } else {
                text.append('\ufffd');
                size = 1;
            }
            i += size;
        }
        return text.toString();
    }

    private static boolean continues(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
