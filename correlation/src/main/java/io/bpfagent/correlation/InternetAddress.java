package io.bpfagent.correlation;

/**
 * Text of internet addresses, as people and {@code ss} write them (RFC 5952). Not {@code java.net}'s: that is not
 * loaded in every host, and leaves zeros in.
 */
final class InternetAddress {
    private static final int GROUPS = 8;
    /** ::ffff:0:0/96 */
    private static final int MAPPED_GROUPS = 5;
    private static final int BYTE_MASK = 0xff;

    private InternetAddress() {}

    /** Of 16 bytes in network order: {@code 10.0.0.1} where it is one of IPv4, mapped, else {@code 2001:db8::1}. */
    static String text(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & BYTE_MASK) << Byte.SIZE | bytes[2 * i + 1] & BYTE_MASK;
        }
        StringBuilder text = new StringBuilder();
        if (zerosFrom(groups, 0) == MAPPED_GROUPS && groups[MAPPED_GROUPS] == 0xffff) {
            for (int i = 2 * MAPPED_GROUPS + 2; i < 2 * GROUPS; i++) {
                text.append(text.isEmpty() ? "" : ".").append(bytes[i] & BYTE_MASK);
            }
            return text.toString();
        }
        int longest = 0;
        for (int i = 1; i < GROUPS; i++) {
            longest = zerosFrom(groups, i) > zerosFrom(groups, longest) ? i : longest;
        }
        int zeros = zerosFrom(groups, longest);
        for (int i = 0; i < GROUPS; i++) {
            if (zeros > 1 && i == longest) {
                text.append("::");
                i += zeros - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int zerosFrom(int[] groups, int first) {
        int end = first;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - first;
    }
}
