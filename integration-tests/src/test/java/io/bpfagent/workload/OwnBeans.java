package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * An application that looks at the beans of its own JVM, from inside.
 *
 * <p>It answers each line on stdin with one that begins with the line's number. {@code beans PATTERN}:
 * {@code 1 NAME;NAME...}. {@code get NAME ATTRIBUTE}: {@code 2 VALUE}. {@code listen NAME count|throw|never-return}:
 * listens to a bean in that manner. {@code told}: how many notifications the listener that counts has got. {@code
 * collect 23}: so many full collections. {@code end} ends it.
 */
public final class OwnBeans {
    private static final AtomicInteger TOLD = new AtomicInteger();
    /** So that a full collection takes some ms. */
    private static final Object[] LIVE = new Object[300_000];

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
            System.out.println(number + " " + answer(server, words));
        }
        System.out.println("end " + sleeper.isAlive());
    }

    private static Object answer(MBeanServer server, String[] words) throws JMException {
        return switch (words[0]) {
            case "beans" -> names(server, new ObjectName(words[1]));
            case "get" -> server.getAttribute(new ObjectName(words[1]), words[2]);
            case "listen" -> listen(server, new ObjectName(words[1]), words[2]);
            case "told" -> TOLD.get();
            case "collect" -> collect(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static String listen(MBeanServer server, ObjectName name, String manner) throws JMException {
        server.addNotificationListener(name, (notification, handback) -> {
            switch (manner) {
                case "count" -> TOLD.incrementAndGet();
                case "throw" -> throw new IllegalStateException("on purpose");
                default -> sleepForGood();
            }
        }, null, null);
        return manner;
    }

    private static void sleepForGood() {
        while (true) {
            try {
                Thread.sleep(3_600_000);
            } catch (InterruptedException e) {
                // the worst of guests
                continue;
            }
        }
    }

    private static int collect(int times) {
        Arrays.setAll(LIVE, i -> new Object());
        for (int i = 0; i < times; i++) {
            System.gc();
        }
        return times;
    }

    private static String names(MBeanServer server, ObjectName pattern) {
        TreeSet<String> names = new TreeSet<>();
        server.queryNames(pattern, null).forEach(name -> names.add(name.getCanonicalName()));
        return String.join(";", names);
    }
}
