package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Disk;
import io.bpfagent.records.RecordLayouts.DiskUse;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The block devices to which anybody has sent a request since the agent began. Numbers are read one by one: those of
 * one disk may be of moments some microseconds apart. One thread; no content of the memory makes it throw.
 */
final class DiskAccounts {
    private static final DiskUsage.User[] USERS = DiskUsage.User.values();
    private static final DiskUsage.Operation[] OPERATIONS = DiskUsage.Operation.values();
    /** Operations that have a histogram: the first so many. */
    private static final int PAGES = DiskUsage.Operation.FLUSH.ordinal() + 1;

    private final ByteBuffer disks;
    private final DistributionAccount[] accounts = new DistributionAccount[RecordSizes.DISKS * PAGES];
    private final String[] names = new String[RecordSizes.DISKS];

    DiskAccounts(KernelMemory memory) {
        this.disks = memory.disks();
    }

    /** As they are now, in the order in which they were first used. */
    List<DiskUsage> read(PageReader reader) {
        List<DiskUsage> known = List.of();
        for (int disk = 0; disk < RecordSizes.DISKS; disk++) {
            if (Words.getAcquire(disks, disk * Disk.SIZE + Disk.NAMED) == 0) {
                break; // those behind it wait: a disk keeps its place in the list
            }
            learnName(disk);
            known = known.isEmpty() ? new ArrayList<>() : known;
            known.add(read(disk, reader));
        }
        return known;
    }

    private void learnName(int disk) {
        if (names[disk] == null) {
            byte[] bytes = new byte[RecordSizes.DISK_NAME_BYTES];
            disks.get(disk * Disk.SIZE + Disk.NAME, bytes);
            names[disk] = Words.text(bytes, bytes.length);
        }
    }

    private DiskUsage read(int disk, PageReader reader) {
        int at = disk * Disk.SIZE;
        List<DiskUsage.Use> uses = new ArrayList<>();
        Map<DiskUsage.Operation, Distribution> times = new EnumMap<>(DiskUsage.Operation.class);
        for (int operation = 0; operation < OPERATIONS.length; operation++) {
            long deviceNs = 0;
            long maxNs = 0;
            for (int user = 0; user < USERS.length; user++) {
                int use = at + Disk.USES + (user * OPERATIONS.length + operation) * DiskUse.SIZE;
                if (get(use + DiskUse.REQUESTS) != 0) {
                    DiskUsage.Use read = use(use, USERS[user], OPERATIONS[operation]);
                    uses.add(read);
                    deviceNs += read.deviceNs();
                    maxNs = Math.max(maxNs, read.maxDeviceNs());
                }
            }
            if (operation < PAGES && deviceNs != 0) {
                times.put(OPERATIONS[operation], times(disk * PAGES + operation, reader, deviceNs, maxNs));
            }
        }
        return new DiskUsage(names[disk], disks.getInt(at + Disk.MAJOR), disks.getInt(at + Disk.MINOR), uses, times);
    }

    private DiskUsage.Use use(int at, DiskUsage.User user, DiskUsage.Operation operation) {
        return new DiskUsage.Use(user, operation, get(at + DiskUse.REQUESTS), get(at + DiskUse.BYTES),
                get(at + DiskUse.QUEUE_NS), get(at + DiskUse.DEVICE_NS), get(at + DiskUse.MAX_DEVICE_NS),
                get(at + DiskUse.SEQUENTIAL));
    }

    private Distribution times(int number, PageReader reader, long deviceNs, long maxNs) {
        DistributionAccount account = accounts[number];
        if (account == null) {
            account = new DistributionAccount();
            accounts[number] = account;
        }
        account.addNewCounts(reader, RecordSizes.FIRST_DISK_PAGE + number, null);
        account.add(Math.max(0, deviceNs - account.sumNs()), maxNs);
        return account.toDistribution();
    }

    private long get(int at) {
        return Words.getOpaqueLong(disks, at);
    }
}
