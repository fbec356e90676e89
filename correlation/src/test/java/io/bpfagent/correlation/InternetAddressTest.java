package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternetAddressTest {
    /** RFC 5952: the longest run of zeros is left out, the first of two, and no single one. */
    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1",
            "2001:db8::1:0:0:1",
        "fe80::a00:27ff:fe4e:66a1", "1:2:3:4:5:6:7:8", "0:1:0:1:0:1:0:1", "::fffe:a00:1", "::1:ffff:a00:1",
        "64:ff9b::a00:1"})
    void writesAddressesAsPeopleDo(String address) throws UnknownHostException {
        assertEquals(address, InternetAddress.text(InetAddress.getByName(address).getAddress()));
    }

    @Test
    void writesMappedOnesAsThoseOfIpv4() {
        assertEquals("10.200.0.255",
                InternetAddress.text(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, -56, 0, -1}));
        assertEquals("0.0.0.0", InternetAddress.text(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0}));
    }

    @Test
    void writesWhatIsReadBackAsTheSame() throws UnknownHostException {
        Random random = new Random(23);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[16];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
            }
            bytes[0] |= 1;
            String text = InternetAddress.text(bytes);
            assertEquals(InetAddress.getByAddress(bytes), InetAddress.getByName(text), text);
        }
    }
}
