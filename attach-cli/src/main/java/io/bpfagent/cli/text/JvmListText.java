package io.bpfagent.cli.text;

import io.bpfagent.cli.control.JvmList;
import io.bpfagent.cli.jvm.Container;
import java.util.Objects;

/** The text of {@code list}. */
public final class JvmListText {

    private static final int PID_WIDTH = 8;
    private static final int AGENT_WIDTH = 8;
    private static final int JDK_WIDTH = 8;
    private static final int USER_WIDTH = 10;
    /** As many of a container's id as docker ps shows. */
    private static final int CONTAINER_WIDTH = 12;
    private static final int ID_LENGTH = 64;

    private JvmListText() {
    }

    public static String of(JvmList list) {
        if (list.jvms().isEmpty()) {
            return "no JVM is running that you may see\n";
        }
        boolean containers = list.jvms().stream().anyMatch(jvm -> jvm.container() != null);
        StringBuilder text = new StringBuilder(row(containers, "PID", "AGENT", "JDK", "USER", "CONTAINER", "NAME"));
        for (JvmList.Jvm jvm : list.jvms()) {
            text.append(row(containers, Integer.toString(jvm.pid()), state(jvm),
                Objects.requireNonNullElse(jvm.jdk(), "?"), jvm.user(),
                jvm.container() == null ? "-" : container(jvm.container()), jvm.name()));
        }
        return text.toString();
    }

    /** The column for containers is there only when one is. */
    private static String row(boolean containers, String pid, String state, String jdk, String user, String container,
        String name) {
        String start = Layout.right(pid, PID_WIDTH) + column(state, AGENT_WIDTH) + column(jdk, JDK_WIDTH)
            + column(user, USER_WIDTH) + (containers ? column(container, CONTAINER_WIDTH) : "") + "  ";
        return start + end(SafeText.of(name), Layout.WIDTH - start.length()) + "\n";
    }

    /** Of a class's name the end tells more than its packages. */
    private static String end(String name, int width) {
        return name.length() <= width ? name : ".." + name.substring(name.length() - width + 2);
    }

    private static String column(String text, int width) {
        return "  " + Layout.left(Layout.shorten(text, width), width);
    }

    /** Its id or name; where it has none, the namespaces that make it one. */
    static String container(Container container) {
        if (container.id() == null) {
            return String.join(",", container.namespaces());
        }
        return container.id().length() == ID_LENGTH ? container.id().substring(0, CONTAINER_WIDTH) : container.id();
    }

    private static String state(JvmList.Jvm jvm) {
        return jvm.agent() == null ? "?" : jvm.state() == null ? jvm.agent() : jvm.state();
    }
}
