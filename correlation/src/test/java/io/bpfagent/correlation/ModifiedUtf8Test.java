package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModifiedUtf8Test {
    @Test
    void readsWhatTheJdkWrites() throws IOException {
        for (String text : new String[] {"", "main", "Größe-1", "\u4e2d\u6587", "a\0b", "\ud83d\ude00!"}) {
            byte[] bytes = encode(text);
            assertEquals(text, ModifiedUtf8.decode(bytes, bytes.length));
        }
    }

    @Test
    void leavesOutACharacterThatIsCutOff() throws IOException {
        byte[] bytes = encode("ab\u4e2d");
        assertEquals("ab", ModifiedUtf8.decode(bytes, bytes.length - 1));
        assertEquals("ab", ModifiedUtf8.decode(bytes, bytes.length - 2));
    }

    @Test
    void takesAnyBytes() {
        Random random = new Random(23);
        byte[] bytes = new byte[104];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            ModifiedUtf8.decode(bytes, random.nextInt(bytes.length + 1));
        }
        assertEquals("\ufffd\ufffdA", ModifiedUtf8.decode(new byte[] {(byte) 0xff, (byte) 0x80, 'A'}, 3));
    }

    private static byte[] encode(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeUTF(text);
        byte[] withLength = bytes.toByteArray();
        return Arrays.copyOfRange(withLength, 2, withLength.length);
    }
}
