package io.bpfagent.cli.doctor;

import io.bpfagent.cli.errors.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The conditions of who runs the command. What can be tried is tried. */
final class CallerCheck {

    private final Privileges own;
    private final boolean attachModule;
    private final Trial trial;
    private final boolean alone;

    /**
     * @param attachModule whether this Java can attach
     * @param alone whether no JVM is looked at
     */
    CallerCheck(Path proc, boolean attachModule, Trial trial, boolean alone) {
        this.own = Privileges.of(proc.resolve("self"));
        this.attachModule = attachModule;
        this.trial = trial;
        this.alone = alone;
    }

    /** Whether this user could load the programs. */
    boolean mayLoad() {
        return own.mayLoad();
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.of(Condition.JAVA, attachModule ? Verdict.OK : Verdict.FAILED,
            System.getProperty("java.version") + (attachModule ? "" : " without the module jdk.attach")));
        // Of a JVM it may be enough that it has them itself.
        findings.add(Finding.of(Condition.CALLER_CAPABILITIES, mayLoad() || !alone ? Verdict.OK : Verdict.UNKNOWN,
            own.inWords() + (mayLoad() || !alone ? "" : ": it depends on the JVM")));
        findings.add(Finding.ok(Condition.CALLER_SECCOMP, own.seccompInWords()));
        findings.addAll(tried());
        return findings;
    }

    private List<Finding> tried() {
        Map<String, String> result;
        try {
            result = trial.run(mayLoad());
        } catch (IOException | CliException noJar) {
            return List.of(Finding.told(Condition.LIBBPF, "Cannot find the agent's jar", noJar.getMessage()));
        }
        String libbpf = result.get("libbpf");
        String error = result.get("error");
        if (libbpf == null) {
            return List.of(Finding.told(Condition.LIBBPF, phrase(error), error));
        }
        Finding opened = Finding.ok(Condition.LIBBPF, libbpf + ", the agent's own");
        if (error != null) {
            return List.of(opened, Finding.told(Condition.PROGRAMS, phrase(error), error));
        }
        return List.of(opened, Finding.ok(Condition.PROGRAMS, mayLoad()
            ? "loaded by way of trial: the kernel takes them" : "not tried: you may not load any"));
    }

    /** The first words of an agent's message, up to the first bracket, colon or full stop. */
    private static String phrase(String message) {
        return message.split("\\s*[(:]|\\.(\\s|$)", 2)[0];
    }
}
