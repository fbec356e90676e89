package io.bpfagent.agent;

import io.bpfagent.kernel.KernelException;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * How many file descriptors this process may still open. Looked at before anything is begun that needs some: a host
 * that runs out of them fails itself, and a class of the JDK's whose initializer could not open its library, because it
 * was the agent that asked for it at the wrong moment, is of no use to the host any more.
 *
 * @param limit RLIMIT_NOFILE, the soft one
 * @param open  so many are in use
 */
record DescriptorRoom(long limit, long open) {
    /**
     * An agent that is on has 92 (maps, programs, links; kernel 6.18). The others are left to the host, whose next ones
     * may be for the same moment.
     */
    static final long NEEDED = 128;
    /** For the channel, those who ask, and the libraries of the JDK's that it is the first to use. */
    static final long NEEDED_FOR_CONTROL = 32;

    /** Of so many some are free: to count those that are open would make garbage for each. */
    private static final long MANY = 65_536;

    private static final DescriptorRoom ENOUGH = new DescriptorRoom(Long.MAX_VALUE, 0);
    private static final String LIMIT = "Max open files";
    private static final File LIMITS = new File("/proc/self/limits");
    private static final File DESCRIPTORS = new File("/proc/self/fd");

    /**
     * That of this process; none where not a single file can be opened. Where nobody may look, there is enough: without
     * /proc, and in a JVM with capabilities of its file, which hides its descriptors from its own user.
     */
    static DescriptorRoom now() {
        // Without java.nio.file, which may not have been used in this JVM yet.
        try (BufferedReader limits = new BufferedReader(new FileReader(LIMITS, StandardCharsets.US_ASCII))) {
            for (String line = limits.readLine(); line != null; line = limits.readLine()) {
                if (line.startsWith(LIMIT)) {
                    return ofLimit(parse(line));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return LIMITS.exists() ? new DescriptorRoom(0, 0) : ENOUGH;
        }
        return ENOUGH;
    }

    /** Of this process, with that limit. */
    static DescriptorRoom ofLimit(long limit) {
        String[] listed = limit > MANY ? null : DESCRIPTORS.list();
        return listed == null ? ENOUGH : new DescriptorRoom(limit, listed.length);
    }

    /** Of a line {@code Max open files  1024  524288  files}: the first number. */
    static long parse(String line) {
        String numbers = line.substring(LIMIT.length()).strip();
        int end = 0;
        while (end < numbers.length() && numbers.charAt(end) != ' ') {
            end++;
        }
        String soft = numbers.substring(0, end);
        return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
    }

    long free() {
        return Math.max(0, limit - open);
    }

    /** @throws KernelException where the agent would take what the host needs */
    void check() throws KernelException {
        if (free() < NEEDED) {
            throw new KernelException("Too few file descriptors", ": " + free() + " are free where " + NEEDED
                    + " are needed" + (limit == 0 ? "" : " (ulimit -n is " + limit + ")") + ". Give the JVM more.");
        }
    }
}
