package io.bpfagent.truth;

import io.bpfagent.correlation.ThreadIdentity;

/** A task of the played machine. */
final class Task {
    /** Whose it is. */
    enum Owner {
        HOST,
        /** Another process in the host's CPU cgroup. */
        CGROUP,
        /** One in the root group. */
        PROCESS,
        KERNEL
    }

    /** What it is in, really. */
    enum Life {
        RUNNING,
        RUNNABLE,
        BLOCKED,
        DEAD
    }

    /** The idle task of a CPU. */
    static final int IDLE = -1;

    final int number;
    final int tid;
    final int innerTid;
    final Owner owner;
    /** Null unless it is the host's. */
    final HotSpotThread hotSpot;
    ThreadIdentity identity;
    /** thread__start has been hit. */
    boolean isNamed;
    Life life;
    /** It is runnable, and its cgroup has used up its CPU quota. */
    boolean isThrottled;
    Situation blockedIn;
    int cpu;
    long minorFaults;
    long majorFaults;
    long migrations;
    /** When its account began, CLOCK_MONOTONIC. */
    long bornNs;
    /** When a read found it. */
    long foundNs = Long.MAX_VALUE;
    /** When it came on its CPU, by the CPU's clock. */
    long arrivedNs;
    /** Null as long as the agent does not know of it. */
    Account account;

    Task(int number, int tid, int innerTid, Owner owner, HotSpotThread hotSpot) {
        this.number = number;
        this.tid = tid;
        this.innerTid = innerTid;
        this.owner = owner;
        this.hotSpot = hotSpot;
    }

    boolean isHost() {
        return owner == Owner.HOST;
    }

    boolean isIdle() {
        return number == IDLE;
    }
}
