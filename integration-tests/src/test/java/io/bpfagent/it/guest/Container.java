package io.bpfagent.it.guest;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a container runtime makes, made by {@code unshare} and {@code mount}: PIDs, mounts and a root directory of
 * its own, on request a user namespace. The JDK and the workloads are mounted into it; the agent's jar is not. Its
 * mounts are its own, and go with its last process.
 */
final class Container {
    /** A user that exists nowhere. */
    static final int USER = 4242;

    private static final String CLI = "/opt/attach-cli.jar";
    private static final String SCRIPT = """
            set -e
            root=$1; files=$2; jdk=$3; cli=$4; readonly=$5; shift 5
            mount -t tmpfs tmpfs "$root"
            cd "$root"
            mkdir -p usr etc proc sys dev tmp opt old ".$files"
            for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done
            for directory in usr etc sys dev; do mount --rbind "/$directory" "$directory"; done
            mkdir -p ".$jdk"
            mount --bind "$jdk" ".$jdk"
            mount --bind "$files" ".$files"
            touch ".CLI"
            mount --bind "$cli" ".CLI"
            mount -t proc proc proc
            chmod 1777 tmp
            pivot_root . old
            cd /
            umount -l old
            test "$readonly" = no || mount -o remount,ro /
            exec "$@"
            """.replace("CLI", CLI);

    private final Path root;
    private final PublicFiles files;
    private final List<String> before = new ArrayList<>();
    private final List<String> behind = new ArrayList<>();
    private String readOnly = "no";

    /** In this directory, which becomes readable by everybody. */
    Container(Path directory) {
        try {
            root = Files.createDirectory(directory.resolve("root"));
            Path shared = Files.createDirectory(directory.resolve("files"));
            files = new PublicFiles(shared);
            Files.setPosixFilePermissions(directory, Files.getPosixFilePermissions(shared));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        before.addAll(List.of("unshare", "-m", "-p", "-f"));
    }

    /** Without root's rights: that user is root inside, and root of the host is nobody. */
    Container rootless() {
        before.add("-U");
        before.add("-r");
        before.addAll(0, List.of("setpriv", "--reuid", "" + USER, "--regid", "" + USER, "--clear-groups"));
        return this;
    }

    /** With the PIDs of the host: only the root directory, and /tmp in it, are its own. */
    Container withPidsOfTheHost() {
        before.removeAll(List.of("-p", "-f"));
        return this;
    }

    /** The JVM runs as another user than root, with these capabilities. */
    Container asUserWith(String capabilities) {
        behind.addAll(List.of("setpriv", "--reuid", "" + USER, "--regid", "" + USER, "--clear-groups",
                "--inh-caps=" + capabilities, "--ambient-caps=" + capabilities));
        return this;
    }

    /** Nothing in it can be written, /tmp neither. */
    Container readOnly() {
        readOnly = "yes";
        return this;
    }

    /** A JVM in it. */
    HostCommand host(Jdk jdk) {
        List<String> prefix = new ArrayList<>(before);
        prefix.addAll(List.of("sh", "-c", SCRIPT, "sh", root.toString(), files.directory().toString(),
                jdk.home().toString(), HostJvm.cliJar().toString(), readOnly));
        prefix.addAll(behind);
        return files.workloadsFor(HostJvm.of(jdk)).prefix(prefix.toArray(String[]::new));
    }

    /** Runs the command line inside, beside that JVM. */
    static Cli inside(HostJvm host, Object... arguments) {
        return Cli.run(List.of("nsenter", "-t", Long.toString(host.pid()), "-m", "-p", "-r", "-w"), Path.of(CLI),
                arguments);
    }
}
