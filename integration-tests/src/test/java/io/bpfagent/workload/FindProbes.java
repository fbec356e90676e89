package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Looks up, in its own process, each probe that is a line on stdin, with the agent's classes, which must be on the
 * class path; prints how many places it has, or why it is refused. Ends at {@code end}.
 */
public final class FindProbes {
    private FindProbes() {}

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Class<?> spec = Class.forName("io.bpfagent.find.ProbeSpec");
        Method parse = spec.getMethod("parse", String.class, String.class);
        Method find = Class.forName("io.bpfagent.find.ProbeFinder").getMethod("find", spec);
        Method begins = Class.forName("io.bpfagent.find.FoundProbe").getMethod("begins");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            try {
                Object found = find.invoke(null, parse.invoke(null, "mine", line));
                System.out.println(line + " places " + ((List<?>) begins.invoke(found)).size());
            } catch (InvocationTargetException e) {
                System.out.println(line + " refused " + e.getCause().getMessage());
            }
        }
        System.out.println("done");
    }
}
