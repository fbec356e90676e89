package io.bpfagent.it.cost;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import java.util.stream.StreamSupport;

/** What a host's agent says of its cost, and how its arguments are changed. */
final class CostHost {
    private CostHost() {}

    /** The part {@code cost} of its status; null before the first second is over. */
    static JsonObject cost(HostJvm host) {
        JsonElement cost = host.status().get("cost");
        return cost.isJsonNull() ? null : cost.getAsJsonObject();
    }

    /** What {@code probes} says of one. */
    static JsonObject probe(HostJvm host, String name) {
        JsonObject document = host.control().ask(ControlClient.request("probes"));
        if (document.has("error")) {
            return new JsonObject();
        }
        return StreamSupport.stream(document.getAsJsonArray("probes").spliterator(), false)
                .map(JsonElement::getAsJsonObject).filter(probe -> probe.get("name").getAsString().equals(name))
                .findFirst().orElseThrow(() -> new AssertionError("no probe " + name + " in " + document));
    }

    /** Whether it is attached. */
    static boolean isOn(HostJvm host, String name) {
        JsonObject probe = probe(host, name);
        return probe.has("on") && probe.get("on").getAsBoolean();
    }

    /** Changes arguments; the answer, be it a refusal. */
    static JsonObject set(HostJvm host, String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        return host.control().ask(request);
    }

    /** Changes arguments, which must work. */
    static void mustSet(HostJvm host, String arguments) {
        JsonObject answer = set(host, arguments);
        if (answer.has("error")) {
            throw new AssertionError("set " + arguments + ": " + answer + "\n" + host.report());
        }
    }
}
