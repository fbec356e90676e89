package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * An application that looks at the beans of its own JVM, from inside.
 *
 * <p>It answers each line on stdin with one that begins with the line's number. {@code beans PATTERN}:
 * {@code 1 NAME;NAME...}. {@code get NAME ATTRIBUTE}: {@code 2 VALUE}. {@code end} ends it.
 */
public final class OwnBeans {
    private OwnBeans() {}

    /** @param args none */
    public static void main(String[] args) throws IOException, JMException {
        System.out.println("begin");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Thread sleeper = Scenes.start("bean counter 7", () -> {
            while (true) {
                Thread.sleep(5);
            }
        });
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            String[] words = line.split(" ");
            number++;
            System.out.println(number + " " + (words[0].equals("beans") ? names(server, new ObjectName(words[1]))
                    : server.getAttribute(new ObjectName(words[1]), words[2])));
        }
        System.out.println("end " + sleeper.isAlive());
    }

    private static String names(MBeanServer server, ObjectName pattern) {
        TreeSet<String> names = new TreeSet<>();
        server.queryNames(pattern, null).forEach(name -> names.add(name.getCanonicalName()));
        return String.join(";", names);
    }
}
