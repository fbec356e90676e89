package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** An application that installs a security manager when it is told to: the line {@code secure}. */
public final class OwnSecurityManager {
    private OwnSecurityManager() {}

    /** @param args none */
    @SuppressWarnings("removal")
    public static void main(String[] args) throws IOException {
        System.out.println("begin");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            if (line.equals("secure")) {
                System.setSecurityManager(new SecurityManager());
            }
            System.out.println(line);
        }
        System.out.println("end");
    }
}
