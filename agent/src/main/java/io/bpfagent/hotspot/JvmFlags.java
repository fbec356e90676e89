package io.bpfagent.hotspot;

/** The {@code -XX:} flags of this JVM. Any number of reads by one thread. */
public interface JvmFlags {
    /** Whether this boolean flag is known to be off; false also when it is not known. */
    boolean isOff(String flag);
}
