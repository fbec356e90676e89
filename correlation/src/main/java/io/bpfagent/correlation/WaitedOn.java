package io.bpfagent.correlation;

/**
 * What a slow event waited for, as far as the kernel side could tell. Immutable.
 *
 * @param syscall  the system call in which it was, by its name; null: none or not known
 * @param path     a file's path as the kernel has it, or as the call named it; null: none
 * @param address  a socket's remote address, {@code 10.0.0.1:443} or {@code [::1]:443}, or {@code unix}; null: none
 * @param host     the name that was looked up; null: none
 * @param device   a disk's name; null: none
 * @param sector   where on that disk the request began, in units of 512 bytes; 0 without a disk
 * @param bytes    how much was asked for of that disk; 0 without a disk
 * @param futex    the address that it waited for; 0: none
 * @param errno    with what error the call failed; 0: with none
 */
public record WaitedOn(String syscall, String path, String address, String host, String device, long sector,
        long bytes, long futex, int errno) {
    /** Nothing is known. */
    public static final WaitedOn UNKNOWN = new WaitedOn(null, null, null, null, null, 0, 0, 0, 0);
}
