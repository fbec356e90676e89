package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class FirstDataTest {
    private static boolean hasData(String answer) {
        return FirstData.hasData(JsonParser.parseString(answer).getAsJsonObject());
    }

    @Test
    void thereAreDataOnceTimeHasPassedForAThread() {
        assertFalse(hasData("{\"schema\":1,\"error\":\"no snapshot yet\"}"));
        assertFalse(hasData("{\"schema\":1,\"wallNs\":5,\"threads\":[]}"));
        assertFalse(hasData("{\"schema\":1,\"wallNs\":5,\"threads\":[{\"tid\":1,\"wallNs\":0}]}"));
        assertTrue(hasData("{\"schema\":1,\"wallNs\":5,"
                + "\"threads\":[{\"tid\":1,\"wallNs\":0},{\"tid\":2,\"wallNs\":7}]}"));
    }

    @Test
    void dataMayComeBeforeTheCommandHasEnded() {
        assertEquals(-100, new FirstData(900, 1_000).afterCommandMs());
        assertEquals(300, new FirstData(1_300, 1_000).afterCommandMs());
    }
}
