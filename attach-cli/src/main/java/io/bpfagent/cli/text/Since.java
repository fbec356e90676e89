package io.bpfagent.cli.text;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Since when something counts that has begun after the agent. */
final class Since {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Since() {
    }

    /**
     * {@code since 14:09:13, for 47.0 s}, with the day where that is another; empty where it is not known.
     *
     * @param clock says what time it is, and where
     * @param atMs when it began, ms since 1970; null or 0: not known
     */
    static String of(Clock clock, Long atMs) {
        if (atMs == null || atMs == 0) {
            return "";
        }
        LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochMilli(atMs), clock.getZone());
        boolean today = at.toLocalDate().equals(LocalDate.now(clock));
        return "since " + (today ? "" : at.toLocalDate() + " ") + TIME.format(at) + ", for "
            + Quantity.duration(Math.max(0, clock.millis() - atMs) * 1_000_000);
    }
}
