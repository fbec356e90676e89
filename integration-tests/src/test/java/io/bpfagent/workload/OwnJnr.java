package io.bpfagent.workload;

import com.kenai.jffi.Library;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;

/**
 * An application with a jnr-ffi of its own on its class path.
 *
 * <p>It answers each line on stdin with one that begins with the line's number. {@code jnr}: calls
 * libc through it, {@code 1 JAR-OF-JNR JAR-OF-JFFI getpid PID}. {@code libbpf}: opens libbpf.so.1,
 * {@code 2 FILE} is where dlsym finds libbpf's functions. {@code end} ends it.
 */
public final class OwnJnr {
    /** Of libc. */
    public interface LibC {
        int getpid();
    }

    private OwnJnr() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        System.out.println("begin");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            number++;
            System.out.println(number + " " + (line.equals("jnr") ? callLibC() : openLibbpf()));
        }
        System.out.println("end");
    }

    private static String callLibC() {
        return source(LibraryLoader.class) + " " + source(Library.class) + " getpid "
                + LibraryLoader.create(LibC.class).load("c").getpid();
    }

    private static Path source(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getFileName();
    }

    private static String openLibbpf() throws IOException {
        Library library = Library.openLibrary("libbpf.so.1", Library.NOW | Library.LOCAL);
        return library == null ? Library.getLastError() : fileAt(library.getSymbolAddress("bpf_object__open_file"));
    }

    /** The file that is mapped at this address. */
    private static String fileAt(long address) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] words = line.split("\\s+");
            String[] range = words[0].split("-");
            if (Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16)) {
                return words.length > 5 ? words[5] : "memory without a file";
            }
        }
        return "nothing";
    }
}
