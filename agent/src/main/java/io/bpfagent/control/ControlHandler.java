package io.bpfagent.control;

import com.google.gson.JsonObject;

/** Answers requests. Called by the control thread, one request at a time. */
@FunctionalInterface
public interface ControlHandler {
    /** The answer; what it throws is sent back as an error document. */
    ControlAnswer answer(JsonObject request);
}
