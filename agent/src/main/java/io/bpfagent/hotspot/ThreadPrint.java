package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Thread names and ids out of what {@code jcmd PID Thread.print} prints, for a JVM whose structures
 * cannot be read. Costs a safepoint. Only this class needs the module java.management.
 */
final class ThreadPrint {
    /**
     * 17: {@code "main" #1 prio=5 os_prio=0 cpu=1ms elapsed=1s tid=0x7f.. nid=0x1b27 waiting ...}; 25:
     * {@code "main" #1 [6951] prio=5 ... nid=6951 ...}; the JVM's own threads have no number.
     */
    private static final Pattern LINE = Pattern.compile(
            "^\"(.*)\" (?:#(\\d+) )?(?:\\[\\d+] )?(?:daemon )?(?:prio=\\d+ )?os_prio=.* nid=(0x[0-9a-f]+|\\d+) ",
            Pattern.MULTILINE);

    private ThreadPrint() {}

    /** Everyone, by tid. @throws JMException when this JVM has no such command */
    static Map<Integer, ThreadIdentity> read() throws JMException {
        String text = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return parse(text);
    }

    static Map<Integer, ThreadIdentity> parse(String text) {
        Map<Integer, ThreadIdentity> identities = new HashMap<>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            String name = line.group(1);
            long javaId = line.group(2) == null ? 0 : Long.parseLong(line.group(2));
            ThreadKind kind = javaId == 0 ? ThreadKinds.ofNative(name) : ThreadKinds.ofStarted(name);
            identities.put(Long.decode(line.group(3)).intValue(), new ThreadIdentity(javaId, name, kind));
        }
        return identities;
    }
}
