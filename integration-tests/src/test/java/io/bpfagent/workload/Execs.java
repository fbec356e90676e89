package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;

/** An application that becomes another program, with its number and its begin: the line {@code exec PATH ARGUMENT}. */
public final class Execs {
    /** Of libc; found before it is needed, for that takes a while. */
    public interface LibC {
        int execv(String path, String[] arguments);
    }

    private Execs() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        LibC libc = LibraryLoader.create(LibC.class).load("c");
        System.out.println("begin");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("exec")) {
                libc.execv(words[1], new String[] {words[1], words[2], null});
            }
            System.out.println("still here");
        }
        System.out.println("end");
    }
}
