package io.bpfagent.cli.text;

import io.bpfagent.cli.control.JvmList;

/** The text of {@code list}. */
public final class JvmListText {

    private JvmListText() {
    }

    public static String of(JvmList list) {
        if (list.jvms().isEmpty()) {
            return "no JVM is running that you may see\n";
        }
        StringBuilder text = new StringBuilder(Layout.right("PID", 8) + "  AGENT     NAME\n");
        for (JvmList.Jvm jvm : list.jvms()) {
            text.append(Layout.right(Integer.toString(jvm.pid()), 8)).append("  ")
                .append(Layout.left(state(jvm), 8)).append("  ")
                .append(Layout.shorten(jvm.name(), Layout.WIDTH - 20)).append('\n');
        }
        return text.toString();
    }

    private static String state(JvmList.Jvm jvm) {
        return jvm.agent() == null ? "?" : jvm.state() == null ? jvm.agent() : jvm.state();
    }
}
