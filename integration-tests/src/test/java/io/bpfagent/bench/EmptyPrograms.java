package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Programs that do nothing at the same events: what entering any program costs, and the kernel's own
 * accounting. They and the little program that holds them are compiled by clang when they are needed.
 */
final class EmptyPrograms implements Watcher {
    private static final String PROGRAMS = """
            #include <linux/bpf.h>
            #include <bpf/bpf_helpers.h>
            char LICENSE[] SEC("license") = "Dual BSD/GPL";
            SEC("tp_btf/sched_wakeup") int empty_wakeup(void *context) { return 0; }
            SEC("tp_btf/sched_switch") int empty_switch(void *context) { return 0; }
            """;
    /** Attaches every program of a file, and ends after a minute in any case. */
    private static final String HOLDER = """
            #include <bpf/libbpf.h>
            #include <unistd.h>
            int main(int count, char **arguments) {
                struct bpf_object *object = bpf_object__open_file(arguments[1], NULL);
                struct bpf_program *program;
                if (!object || bpf_object__load(object))
                    return 1;
                bpf_object__for_each_program(program, object)
                    if (!bpf_program__attach(program))
                        return 1;
                sleep(60);
                return 0;
            }
            """;

    private Path programs;
    private Path holder;
    private Process process;

    @Override
    public String name() {
        return "(empty programs)";
    }

    @Override
    public String missing() {
        try {
            compile();
            return null;
        } catch (AssertionError | IOException e) {
            return "clang or libbpf's headers are missing (bin/setup installs them)";
        }
    }

    private void compile() throws IOException {
        Path directory = Files.createTempDirectory("bpf-agent-bench");
        Path programSource = Files.writeString(directory.resolve("empty.bpf.c"), PROGRAMS);
        Path holderSource = Files.writeString(directory.resolve("hold.c"), HOLDER);
        programs = directory.resolve("empty.bpf.o");
        holder = directory.resolve("hold");
        // linux/types.h wants asm/types.h, which Debian keeps in a directory of the architecture.
        String include = "-I/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu";
        Tools.run("clang", "-O2", "-g", "-target", "bpf", include, "-c", programSource.toString(), "-o",
                programs.toString());
        Tools.run("clang", holderSource.toString(), "-lbpf", "-o", holder.toString());
    }

    @Override
    public void start(HostJvm jvm) {
        try {
            process = new ProcessBuilder(holder.toString(), programs.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Set<Integer> programs() {
        return OurBpf.heldBy(process.pid()).programs();
    }

    @Override
    public void stop() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
