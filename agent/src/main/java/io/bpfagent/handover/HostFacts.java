package io.bpfagent.handover;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.hotspot.Finding;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotLayout;
import io.bpfagent.hotspot.JvmFlags;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.hotspot.ProbeUse;
import io.bpfagent.hotspot.ThreadIdentities;
import io.bpfagent.hotspot.TlsLocation;
import io.bpfagent.hotspot.WaitClues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a JVM says of itself, for who loads programs for it.
 *
 * <p>It may say what it likes. All of these are numbers by which programs look into this JVM's own memory, on its own
 * threads, with reads that fail where there is nothing; a wrong one makes wrong reasons for this JVM's own waits. What
 * could reach further is not among them: its process and its files are looked up by who loads.
 *
 * @param objects     checksum of the programs that the JVM's own jar has: maps of others would be read wrongly
 * @param arguments   that the agent goes by, as {@code key=value,key=value}
 * @param release     of its JDK
 * @param errnoOffset where a thread's errno stands, from its thread pointer on; 0: not known
 * @param layout      as {@link HotSpot} has it, as are the others
 * @param waitBarrier {@link LibJvm#waitBarrier}
 * @param flagsOff    of {@link ProbeUse#flag} those that are known to be off
 */
public record HostFacts(long objects, String arguments, int release, long errnoOffset, Optional<HotSpotLayout> layout,
        Optional<TlsLocation> tls, WaitClues waits, long waitBarrier, int descriptorOffset, List<String> flagsOff) {
    /** Of the messages. */
    public static final int SCHEMA = 1;
    private static final int MOST_ERRNO_OFFSET = 1 << 20;

    public HostFacts {
        flagsOff = List.copyOf(flagsOff);
        within("release", release, 8, 1000);
        within("errnoOffset", errnoOffset, -MOST_ERRNO_OFFSET, MOST_ERRNO_OFFSET);
        within("descriptorOffset", descriptorOffset, 0, 1 << 15);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + ".." + most + ", " + name + "=" + value);
        }
    }

    /** Those of this JVM. */
    public static HostFacts of(long objects, String arguments, HotSpot hotSpot, long errnoOffset) {
        List<String> flagsOff = new ArrayList<>();
        for (ProbeUse use : ProbeUse.values()) {
            if (!use.flag().isEmpty() && hotSpot.flags().isOff(use.flag())) {
                flagsOff.add(use.flag());
            }
        }
        return new HostFacts(objects, arguments, Runtime.version().feature(), errnoOffset, hotSpot.layout().value(),
                hotSpot.tls().value(), hotSpot.waits(),
                hotSpot.libJvm().found() ? hotSpot.libJvm().value().get().waitBarrier() : 0,
                hotSpot.descriptorOffset(), flagsOff);
    }

    /** With what was found out about its library, as the loader takes it. */
    public HotSpot hotSpot(Finding<LibJvm> libJvm) {
        return new HotSpot(libJvm, finding(layout), finding(tls), waits, new Flags(flagsOff), ThreadIdentities.none(),
                List.of(), descriptorOffset);
    }

    private static <T> Finding<T> finding(Optional<T> value) {
        return new Finding<>(value, value.isPresent() ? "" : "the JVM does not know it");
    }

    private record Flags(List<String> off) implements JvmFlags {
        @Override
        public boolean isOff(String flag) {
            return off.contains(flag);
        }
    }

    /** As a message. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("objects", objects);
        json.addProperty("arguments", arguments);
        json.addProperty("release", release);
        json.addProperty("errnoOffset", errnoOffset);
        if (layout.isPresent()) {
            HotSpotLayout of = layout.get();
            json.add("layout", numbers(of.osThreadOffset(), of.osThreadIdOffset(), of.pthreadIdOffset(),
                    of.osThreadStateOffset(), of.javaThreadBytes(), of.monitorWait(), of.condvarWait(),
                    of.objectWait()));
        }
        if (tls.isPresent()) {
            json.add("tls", numbers(tls.get().module(), tls.get().offset()));
        }
        json.add("waits", numbers(waits.parkerOffset(), waits.sleepEventOffset(), waits.monitorEventOffset(),
                waits.syscallBegin(), waits.syscallEnd()));
        json.addProperty("waitBarrier", waitBarrier);
        json.addProperty("descriptorOffset", descriptorOffset);
        JsonArray off = new JsonArray();
        for (String flag : flagsOff) {
            off.add(flag);
        }
        json.add("flagsOff", off);
        return json;
    }

    private static JsonArray numbers(long... numbers) {
        JsonArray array = new JsonArray();
        for (long number : numbers) {
            array.add(number);
        }
        return array;
    }

    /** Out of a message. */
    public static HostFacts of(JsonObject json) throws HandOverException {
        try {
            int schema = json.get("schema").getAsInt();
            if (schema != SCHEMA) {
                throw new HandOverException("the agent speaks another version, schema=" + schema);
            }
            int[] layout = ints(json.get("layout"), 8);
            int[] tls = ints(json.get("tls"), 2);
            JsonArray waits = json.getAsJsonArray("waits");
            List<String> flagsOff = new ArrayList<>();
            for (JsonElement flag : json.getAsJsonArray("flagsOff")) {
                flagsOff.add(flag.getAsString());
            }
            return new HostFacts(json.get("objects").getAsLong(), json.get("arguments").getAsString(),
                    json.get("release").getAsInt(),
                    json.get("errnoOffset").getAsLong(),
                    layout == null ? Optional.empty() : Optional.of(new HotSpotLayout(layout[0], layout[1], layout[2],
                            layout[3], layout[4], layout[5], layout[6], layout[7])),
                    tls == null ? Optional.empty() : Optional.of(new TlsLocation(tls[0], tls[1])),
                    new WaitClues(waits.get(0).getAsInt(), waits.get(1).getAsInt(), waits.get(2).getAsInt(),
                            waits.get(3).getAsLong(), waits.get(4).getAsLong()),
                    json.get("waitBarrier").getAsLong(), json.get("descriptorOffset").getAsInt(), flagsOff);
        } catch (RuntimeException e) {
            throw new HandOverException("what the JVM says of itself makes no sense: " + e.getMessage());
        }
    }

    /** Null when there are none. */
    private static int[] ints(JsonElement element, int count) {
        if (element == null) {
            return null;
        }
        JsonArray array = element.getAsJsonArray();
        if (array.size() != count) {
            throw new IllegalArgumentException(array.size() + " numbers where " + count + " are expected");
        }
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
            ints[i] = array.get(i).getAsInt();
        }
        return ints;
    }
}
