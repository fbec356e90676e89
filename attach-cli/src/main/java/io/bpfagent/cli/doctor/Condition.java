package io.bpfagent.cli.doctor;

/**
 * What is looked at, in the order of the report, with the heading of TROUBLESHOOTING.md that is about it and what that
 * section says to do. A test compares both with the page.
 */
public enum Condition {
    PROCESSOR(About.MACHINE, "processor", "Unsupported processor", "run it on x86_64 or arm64."),
    KERNEL(About.MACHINE, "kernel", "Kernel too old", "run it on a newer kernel."),
    BTF(About.MACHINE, "kernel BTF", "No kernel BTF",
        "use a kernel with CONFIG_DEBUG_INFO_BTF=y; in a container, mount /sys."),
    UNPRIVILEGED_BPF(About.MACHINE, "unprivileged_bpf_disabled", Words.LOAD, Words.CAPABILITIES),
    LOCKDOWN(About.MACHINE, "lockdown", Words.LOAD, "start the kernel without lockdown=confidentiality."),

    JAVA(About.CALLER, "Java", "Cannot attach: this Java has no jdk.attach module",
        "run attach-cli with a JDK of release 17 or later"),
    CALLER_CAPABILITIES(About.CALLER, "capabilities", Words.LOAD, Words.CAPABILITIES),
    CALLER_SECCOMP(About.CALLER, "seccomp", Words.LOAD, Words.SECCOMP),
    LIBBPF(About.CALLER, "libbpf", "Cannot load the native libraries", Words.TMPDIR),
    PROGRAMS(About.CALLER, "BPF programs", Words.LOAD, Words.CAPABILITIES),

    PROCESS(About.JVM, "process", "Cannot attach: not a JVM", "attach-cli list"),
    USER(About.JVM, "user", "Cannot attach: another user's process", "run the command as that user"),
    NAMESPACES(About.JVM, "container", "Cannot act as the JVM's user", "run the command inside the container"),
    STATE(About.JVM, "state", "Cannot attach: the JVM is stopped", "kill -CONT PID, or leave the debugger."),
    SIGQUIT(About.JVM, "SIGQUIT", "Cannot attach: the JVM does not listen",
        "try again in a second; else start it with -javaagent:bpf-agent.jar."),
    DISABLE_ATTACH(About.JVM, "DisableAttachMechanism", "Cannot attach: the JVM forbids it",
        "restart it without this flag, or with -javaagent:bpf-agent.jar"),
    DYNAMIC_LOADING(About.JVM, "EnableDynamicAgentLoading", "Cannot attach: the JVM refuses agents at run time",
        "restart it without this flag, or with -javaagent:bpf-agent.jar"),
    INSTRUMENT(About.JVM, "java.instrument", "Cannot attach: the JVM could not load the agent",
        "add the module java.instrument to the image."),
    CAPABILITIES(About.JVM, "capabilities", Words.LOAD,
        "sudo attach-cli PID loads them for a JVM that has no capability (from Linux 6.1 on)."),
    SECCOMP(About.JVM, "seccomp", Words.LOAD, Words.SECCOMP),
    JVM_BTF(About.JVM, "kernel BTF in it", "No kernel BTF", "in a container, mount /sys."),
    LOCKED_MEMORY(About.JVM, "locked memory", Words.MAP, Words.RAISE),
    MEMORY(About.JVM, "memory of its cgroup", Words.MAP, Words.RAISE),
    TMP(About.JVM, "its /tmp", "Cannot copy the agent's jar", "make room or make it writable for the JVM's user"),
    TMPDIR(About.JVM, "its java.io.tmpdir", "Cannot load the native libraries", Words.TMPDIR),
    USDT(About.JVM, "USDT notes", "There are no pauses to follow", "use a JVM of another vendor"),
    AGENT(About.JVM, "agent", "The agent did not start",
        "an agent that is there already goes with attach-cli detach PID.");

    /** Whose condition it is; the names are those of the document. */
    public enum About { MACHINE, CALLER, JVM }

    /** What several sections say. */
    private static final class Words {
        static final String LOAD = "Cannot load BPF programs";
        static final String CAPABILITIES = "run the JVM as root, or give it the two capabilities";
        static final String SECCOMP = "let the container's seccomp profile allow bpf(2).";
        static final String MAP = "Cannot map the kernel's memory";
        static final String RAISE = "raise the limit, or ask for fewer threads= or histograms=.";
        static final String TMPDIR = "name a directory on another file system with tmpdir=/path.";
    }

    private final About about;
    private final String title;
    private final String heading;
    private final String remedy;

    Condition(About about, String title, String heading, String remedy) {
        this.about = about;
        this.title = title;
        this.heading = heading;
        this.remedy = remedy;
    }

    public About about() {
        return about;
    }

    /** What it is called in the report and the document. */
    public String title() {
        return title;
    }

    /** Of TROUBLESHOOTING.md. */
    public String heading() {
        return heading;
    }

    /** What the section says to do, word by word but for marks. */
    public String remedy() {
        return remedy;
    }
}
