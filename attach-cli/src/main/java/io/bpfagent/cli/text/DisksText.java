package io.bpfagent.cli.text;

import io.bpfagent.cli.control.DisksDocument;
import io.bpfagent.cli.control.DisksDocument.Disk;
import io.bpfagent.cli.control.DisksDocument.Times;
import io.bpfagent.cli.control.DisksDocument.Use;
import java.util.List;

/** What was sent to each disk, by whom, and how long it took. */
public final class DisksText {

    private static final int NAME_WIDTH = 10;

    private DisksText() {
    }

    /** The tables, then what was lost. */
    public static String of(Title title, DisksDocument document) {
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": requests to disks, "
            + Title.covered(document.interval(), document.wallNs())));
        List<Disk> disks = document.disks().stream().filter(DisksText::isUsed).toList();
        if (disks.isEmpty()) {
            text.append('\n').append(Layout.wrap("", document.reason() == null ? "No request was done."
                : "Disks are not looked at: " + document.reason().replaceFirst("\\.$", "") + "."));
        } else {
            text.append('\n').append(row("DISK", "BY", "OPERATION", "COUNT", "BYTES", "QUEUED", "DEVICE", "MAX",
                "SEQ"));
            disks.forEach(disk -> disk.uses().stream().filter(use -> use.requests() > 0)
                .forEach(use -> text.append(row(disk, use, document.interval()))));
            text.append('\n').append(row("DISK", "", "OPERATION", "COUNT", "P50", "P90", "P99", "P99.9", "MAX"));
            disks.forEach(disk -> disk.deviceTimes().stream().filter(times -> times.count() > 0)
                .forEach(times -> text.append(row(disk, times))));
            text.append('\n').append(Layout.wrap("", "QUEUED and DEVICE are means: in the kernel's queues, then in the"
                + " device; the second table is of the device, whoever asked. kernel: writeback, journals and flushes,"
                + " for anybody. SEQ: began where the request before had ended."));
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static boolean isUsed(Disk disk) {
        return disk.uses().stream().anyMatch(use -> use.requests() > 0);
    }

    /** The longest is known of all time only. */
    private static String row(Disk disk, Use use, boolean interval) {
        return row(disk.name(), by(use.by()), use.operation(), Quantity.count(use.requests()),
            use.bytes() == 0 ? "-" : Quantity.bytes(use.bytes()),
            Quantity.duration((double) use.queueNs() / use.requests()),
            Quantity.duration((double) use.deviceNs() / use.requests()),
            interval ? "-" : Quantity.duration(use.maxDeviceNs()),
            use.bytes() == 0 ? "-" : Quantity.roughShare(use.sequential(), use.requests()));
    }

    private static String row(Disk disk, Times times) {
        return row(disk.name(), "", times.operation(), Quantity.count(times.count()),
            Quantity.durationOrDash(times.p50()), Quantity.durationOrDash(times.p90()),
            Quantity.durationOrDash(times.p99()), Quantity.durationOrDash(times.p999()),
            Quantity.durationOrDash(times.max()));
    }

    private static String by(String user) {
        return "host".equals(user) ? "JVM" : "other".equals(user) ? "others" : user;
    }

    private static String row(String disk, String by, String operation, String requests, String... columns) {
        StringBuilder row = new StringBuilder(Layout.left(Layout.shorten(disk, NAME_WIDTH - 1), NAME_WIDTH))
            .append(Layout.left(Layout.shorten(by, 6), 7)).append(Layout.left(Layout.shorten(operation, 10), 11))
            .append(Layout.right(requests, 7));
        for (String column : columns) {
            row.append(Layout.right(column, 9));
        }
        return row.toString().stripTrailing() + "\n";
    }
}
