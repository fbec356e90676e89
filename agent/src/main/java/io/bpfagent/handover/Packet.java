package io.bpfagent.handover;

import com.google.gson.JsonObject;

/**
 * What came with one message.
 *
 * @param document a JSON object
 * @param fds      now descriptors of this process, to be closed by whoever takes them
 */
public record Packet(JsonObject document, int[] fds) {
}
