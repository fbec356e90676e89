package io.bpfagent.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bpfagent.correlation.Fuzz;
import io.bpfagent.hotspot.Finding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What a JVM may say of itself to one that has more rights, in as many ways as time allows: it is taken, within the
 * bounds that there are, or refused with a HandOverException, and takes little memory.
 */
final class HostFactsFuzzTest {
    private static final int MUTATED = 40_000;
    private static final int FORGED = 40_000;
    /** Of garbage, for one message, which has 128 KiB at most. */
    private static final long MOST_BYTES = 16 << 20;
    private static final int MESSAGE_BYTES = 128 * 1024;
    private static final List<String> ODD = List.of("0", "-1", "1e999999999", "1e-999999999", "NaN", "-Infinity", "1.5",
            "9223372036854775807", "9223372036854775808", "4294967313", "-2147483649", "0x10", "\"7\"", "\"\"", "null",
            "true", "{}", "[]", "[[7]]", "[null]", "{\"a\":[{}]}", "\"\\u0000\\ud800\"");

    /** False where it was refused. */
    private static boolean read(String message) throws Exception {
        boolean[] taken = new boolean[1];
        Fuzz.allocating(MOST_BYTES, () -> {
            try {
                HostFacts facts = HostFacts.of(PacketSocket.parse(message));
                assertTrue(facts.release() >= 8 && facts.release() <= 1000, facts::toString);
                assertTrue(Math.abs(facts.errnoOffset()) <= 1 << 20, facts::toString);
                assertTrue(facts.descriptorOffset() >= 0, facts::toString);
                facts.hotSpot(new Finding<>(Optional.empty(), "none"));
                assertEquals(facts, HostFacts.of(facts.toJson()));
                taken[0] = true;
            } catch (HandOverException documented) {
                taken[0] = false;
            }
        });
        return taken[0];
    }

    /** As it is, with some characters changed. */
    @Test
    void readsWhatIsBroken() {
        byte[] right = HostFactsTest.FACTS.toJson().toString().getBytes(StandardCharsets.UTF_8);
        Fuzz.play(MUTATED, random -> {
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                ByteBuffer bytes = ByteBuffer.wrap(right.clone());
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    if (random.nextBoolean()) {
                        bytes.put(random.nextInt(right.length), (byte) "0123456789-eE.,:[]{}\"\\ x".charAt(
                                random.nextInt(24)));
                    } else {
                        Fuzz.mutate(random, bytes, 0, right.length);
                    }
                }
                taken += read(new String(bytes.array(), StandardCharsets.UTF_8)) ? 1 : 0;
            }
            assertTrue(taken > 0 && taken < 20_000, taken + " were taken");
            return 20_000;
        });
    }

    /** JSON, of which some is something else. */
    @Test
    void readsWhatIsForged() {
        Fuzz.play(FORGED, random -> {
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                JsonObject forged = HostFactsTest.FACTS.toJson();
                List<String> keys = new ArrayList<>(forged.keySet());
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    String key = keys.get(random.nextInt(keys.size()));
                    JsonElement value = forged.get(key);
                    if (value != null && value.isJsonArray() && !value.getAsJsonArray().isEmpty()
                            && random.nextInt(4) != 0) {
                        value.getAsJsonArray().set(random.nextInt(value.getAsJsonArray().size()), anything(random));
                    } else {
                        forged.add(key, anything(random));
                    }
                }
                taken += read(forged.toString()) ? 1 : 0;
            }
            assertTrue(taken > 0 && taken < 20_000, taken + " were taken");
            return 20_000;
        });
    }

    private static JsonElement anything(RandomGenerator random) {
        switch (random.nextInt(6)) {
            case 0:
                return new JsonPrimitive(random.nextLong());
            case 1:
                return new JsonPrimitive(random.nextInt(-10, 2_000));
            case 2:
                JsonArray array = new JsonArray();
                for (int i = random.nextInt(10); i > 0; i--) {
                    array.add(random.nextInt(-10, 2_000));
                }
                return array;
            default:
                return JsonParser.parseString(ODD.get(random.nextInt(ODD.size())));
        }
    }

    /** As much of one thing as a message may have. */
    @Test
    void readsTheLongestAndTheDeepest() throws Exception {
        String right = HostFactsTest.FACTS.toJson().toString();
        int refused = 0;
        int played = 0;
        for (String key : HostFactsTest.FACTS.toJson().keySet()) {
            for (String one : List.of("[", "{\"a\":", "7", "\"", "1e", "-", ",", "[[],", "\\", " ")) {
                String before = "\"" + key + "\":";
                String many = one.repeat((MESSAGE_BYTES - right.length()) / one.length());
                refused += read(right.replace(before, before + many)) ? 0 : 1;
                played++;
            }
        }
        // A number of so many digits is none, but a name may have them.
        assertTrue(refused > played / 2 && refused < played, refused + " of " + played + " were refused");
    }
}
