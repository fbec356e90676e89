package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void namesWhatOpenAndConnectGive() {
        assertEquals("ENOENT", Errno.name(2));
        assertEquals("EISDIR", Errno.name(21));
        assertEquals("ETXTBSY", Errno.name(26));
        assertEquals("EROFS", Errno.name(30));
        assertEquals("ENAMETOOLONG", Errno.name(36));
        assertEquals("ELOOP", Errno.name(40));
        assertEquals("ENETUNREACH", Errno.name(101));
        assertEquals("ECONNREFUSED", Errno.name(111));
        assertEquals("EHOSTUNREACH", Errno.name(113));
        assertEquals("errno 4000", Errno.name(4000));
    }
}
