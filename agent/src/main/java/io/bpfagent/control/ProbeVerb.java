package io.bpfagent.control;

import com.google.gson.JsonObject;
import io.bpfagent.agent.AgentState;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.JsonDocuments;

/** Answers the verb {@code probe}: {@code {"action":"add","name":...,"spec":...}}, {@code remove} or {@code list}. */
final class ProbeVerb {
    private final AgentView agent;
    private final ProbeControl probes;

    ProbeVerb(AgentView agent, ProbeControl probes) {
        this.agent = agent;
        this.probes = probes;
    }

    /** The probes that there are, when that is done which was asked for; else why not. */
    ControlAnswer answer(JsonObject json) {
        try {
            return checkedAnswer(json);
        } catch (IllegalArgumentException e) {
            return ControlAnswer.of(JsonDocuments.error(e.getMessage()));
        }
    }

    private ControlAnswer checkedAnswer(JsonObject json) {
        String action = ControlRequest.text(json, "action");
        String name = ControlRequest.text(json, "name");
        String spec = ControlRequest.text(json, "spec");
        boolean adds = "add".equals(action);
        boolean removes = "remove".equals(action);
        if (!adds && !removes && !"list".equals(action)) {
            throw new IllegalArgumentException("action must be add, remove or list, action=" + action);
        }
        if (agent.state() == AgentState.STARTING) {
            return ControlAnswer.of(JsonDocuments.error("not ready: the agent is starting. Try again"));
        }
        if (agent.state() == AgentState.WAITING) {
            return ControlAnswer.of(JsonDocuments.error("the agent waits for its programs: " + agent.error()));
        }
        if (agent.state() == AgentState.FAILED) {
            return ControlAnswer.of(JsonDocuments.error("the agent has failed: " + agent.error()));
        }
        if ((adds || removes) && name == null) {
            throw new IllegalArgumentException("name must be given, name=null");
        }
        if (adds && spec == null) {
            throw new IllegalArgumentException("spec must be given, spec=null");
        }
        return adds ? ControlAnswer.late(new Changed(probes.add(name, spec)))
                : removes ? ControlAnswer.late(new Changed(probes.remove(name))) : ControlAnswer.of(list());
    }

    private String list() {
        return JsonDocuments.probes(probes.list(), probes.failed(), agent.latest());
    }

    private final class Changed implements LateAnswer {
        private final ProbeChange change;

        Changed(ProbeChange change) {
            this.change = change;
        }

        @Override
        public String document() {
            if (!change.isDone()) {
                return null;
            }
            return change.problem() == null ? list() : JsonDocuments.error(change.problem());
        }
    }
}
