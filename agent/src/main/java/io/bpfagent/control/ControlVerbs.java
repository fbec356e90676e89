package io.bpfagent.control;

import com.google.gson.JsonObject;
import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.JsonDocuments;
import java.util.concurrent.TimeUnit;

/**
 * Answers the verbs {@code status}, {@code threads}, {@code hist}, {@code pauses}, {@code disks}, {@code events},
 * {@code remotes}, {@code probe} and {@code detach}.
 */
public final class ControlVerbs implements ControlHandler {
    /** Closing takes milliseconds and a grace period of the kernel's per USDT link: seconds on a starved machine. */
    private static final long DETACH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DETACH_LOOK_MS = 5;

    private final AgentView agent;
    private final ProbeVerb probes;

    /** Of the given agent. */
    public ControlVerbs(AgentView agent, ProbeControl probes) {
        this.agent = agent;
        this.probes = new ProbeVerb(agent, probes);
    }

    @Override
    public ControlAnswer answer(JsonObject json) {
        ControlRequest request;
        try {
            request = ControlRequest.of(json);
        } catch (IllegalArgumentException e) {
            return ControlAnswer.of(JsonDocuments.error(e.getMessage()));
        }
        return switch (request.verb()) {
            case "status" -> ControlAnswer.of(JsonDocuments.status(agent));
            case "threads", "hist", "pauses", "disks", "events", "remotes" -> ControlAnswer.of(numbers(request));
            case "detach" -> detach();
            case "probe" -> ControlAnswer.of(probes.answer(json));
            default -> ControlAnswer.of(JsonDocuments.error(
                    "verb must be threads, hist, pauses, disks, events, remotes, probe, status or detach, verb="
                            + request.verb()));
        };
    }

    private String numbers(ControlRequest request) {
        boolean numbered = request.verb().equals("pauses") || request.verb().equals("events");
        Snapshot snapshot = request.interval() && !numbered ? agent.interval() : agent.latest();
        AgentState state = agent.state();
        if (state == AgentState.FAILED) {
            return JsonDocuments.error("the agent has failed: " + agent.error());
        }
        if (state == AgentState.STARTING || snapshot == null) {
            return JsonDocuments.error(agent.latest() == null ? "not ready: the agent is starting. Try again"
                    : "not ready: the first interval is not over. Try again");
        }
        return switch (request.verb()) {
            case "threads" -> JsonDocuments.threads(snapshot, request.interval());
            case "pauses" -> JsonDocuments.pauses(snapshot, request.latest(), agent.probes());
            case "events" -> JsonDocuments.events(snapshot, request.events(), agent.metrics(), agent.probes());
            case "disks" -> JsonDocuments.disks(snapshot, agent.probes(), request.interval());
            case "remotes" -> JsonDocuments.remotes(snapshot, agent.probes(), request.interval());
            default -> JsonDocuments.hist(snapshot, request.selection(), agent.metrics(), request.interval());
        };
    }

    /** Waits until all else is closed: the answer means that nothing of ours is left in the kernel. */
    private ControlAnswer detach() {
        if (agent.state() == AgentState.STARTING) {
            return ControlAnswer.of(JsonDocuments.error("not ready: the agent is starting. Try again"));
        }
        agent.requestDetach();
        long began = System.nanoTime();
        while (agent.state() != AgentState.OFF) {
            if (System.nanoTime() - began > DETACH_TIMEOUT_NS) {
                return ControlAnswer.of(JsonDocuments.error("detach has not ended after 60 s. Ask for status"));
            }
            try {
                Thread.sleep(DETACH_LOOK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ControlAnswer.of(JsonDocuments.error("detach was interrupted. Ask for status"));
            }
        }
        return new ControlAnswer(JsonDocuments.detached(), true);
    }
}
