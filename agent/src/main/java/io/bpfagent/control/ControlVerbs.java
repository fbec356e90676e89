package io.bpfagent.control;

import com.google.gson.JsonObject;
import io.bpfagent.agent.AgentState;
import io.bpfagent.agent.ArgumentException;
import io.bpfagent.agent.ArgumentsInForce;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.JsonDocuments;
import java.util.concurrent.TimeUnit;

/**
 * Answers the verbs {@code status}, {@code threads}, {@code hist}, {@code pauses}, {@code disks}, {@code events},
 * {@code remotes}, {@code contexts}, {@code probe}, {@code probes}, {@code set}, {@code compare} and {@code detach}.
 */
public final class ControlVerbs implements ControlHandler {
    /** Closing takes milliseconds and a grace period of the kernel's per USDT link: seconds on a starved machine. */
    private static final long DETACH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DETACH_LOOK_MS = 5;

    private final AgentView agent;
    private final ProbeVerb probes;
    private final HandOverControl handOver;

    /** Of the given agent. */
    public ControlVerbs(AgentView agent, ProbeControl probes, HandOverControl handOver) {
        this.agent = agent;
        this.handOver = handOver;
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
            case "threads", "hist", "pauses", "disks", "events", "remotes", "contexts" ->
                    ControlAnswer.of(numbers(request));
            case "detach" -> detach();
            case "handover" -> ControlAnswer.late(new Listening(handOver.listen()));
            case "probe" -> probes.answer(json);
            case "probes" -> ControlAnswer.of(probeCosts());
            case "set" -> set(json);
            case "compare" -> ControlAnswer.of(compare(json));
            default -> ControlAnswer.of(JsonDocuments.error(
                    "verb must be threads, hist, pauses, disks, events, remotes, contexts, probe, probes, set, status,"
                            + " compare or detach, verb=" + request.verb()));
        };
    }

    /** Not a verb for users: it is what attach-cli asks for. Says where to come to, once somebody listens there. */
    private record Listening(HandOverControl.Reply reply) implements LateAnswer {
        @Override
        public String document() {
            HandOverControl.Answer answer = reply.answer();
            if (answer == null) {
                return null;
            }
            return answer.problem() == null ? JsonDocuments.handOver(answer.socket())
                    : JsonDocuments.error(answer.problem());
        }
    }

    /** {@code {"verb":"compare","arguments":"key=value,key=value"}}: which of these are otherwise in force. */
    private String compare(JsonObject json) {
        try {
            String asked = ControlRequest.text(json, "arguments");
            return JsonDocuments.differing(ArgumentsInForce.differing(asked == null ? "" : asked, agent.arguments()));
        } catch (ArgumentException | IllegalArgumentException e) {
            return JsonDocuments.error(e.getMessage());
        }
    }

    private String numbers(ControlRequest request) {
        boolean numbered = request.verb().equals("pauses") || request.verb().equals("events");
        Snapshot snapshot = request.interval() && !numbered ? agent.interval() : agent.latest();
        AgentState state = agent.state();
        if (state == AgentState.FAILED) {
            return JsonDocuments.error("the agent has failed: " + agent.error());
        }
        if (state == AgentState.WAITING) {
            return JsonDocuments.error("the agent waits for its programs: " + agent.error());
        }
        if (state == AgentState.STARTING || snapshot == null) {
            return JsonDocuments.error(agent.latest() == null ? "not ready: the agent is starting. Try again"
                    : "not ready: the first interval is not over. Try again");
        }
        return switch (request.verb()) {
            case "threads" -> JsonDocuments.threads(snapshot, agent.probes(), request.interval());
            case "pauses" -> JsonDocuments.pauses(snapshot, request.latest(), agent.probes());
            case "events" -> JsonDocuments.events(snapshot, request.events(), agent.metrics(), agent.slowLimits(),
                    agent.probes());
            case "disks" -> JsonDocuments.disks(snapshot, agent.probes(), request.interval());
            case "remotes" -> JsonDocuments.remotes(snapshot, agent.probes(), request.interval());
            case "contexts" -> JsonDocuments.contexts(snapshot, request.interval());
            default -> JsonDocuments.hist(snapshot, request.selection(), agent.metrics(), request.interval());
        };
    }

    private String probeCosts() {
        if (agent.state() == AgentState.FAILED) {
            return JsonDocuments.error("the agent has failed: " + agent.error());
        }
        return agent.cost() == null ? JsonDocuments.error("not ready: the first second is not over. Try again")
                : JsonDocuments.probeCosts(agent);
    }

    /** Changes arguments while the agent is there. */
    private ControlAnswer set(JsonObject json) {
        try {
            String given = ControlRequest.text(json, "arguments");
            if (given == null) {
                throw new IllegalArgumentException("arguments must be given, arguments=null");
            }
            return ControlAnswer.late(new Setting(agent, agent.set(given), given));
        } catch (IllegalArgumentException e) {
            return ControlAnswer.of(JsonDocuments.error(e.getMessage()));
        }
    }

    /** Says how a change has ended, once it has. */
    private record Setting(AgentView agent, ProbeChange change, String given) implements LateAnswer {
        @Override
        public String document() {
            if (!change.isDone()) {
                return null;
            }
            return change.problem() == null ? JsonDocuments.set(agent, given) : JsonDocuments.error(change.problem());
        }
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
