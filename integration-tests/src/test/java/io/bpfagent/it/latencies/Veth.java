package io.bpfagent.it.latencies;

import io.bpfagent.it.Tools;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A network of the test's own: two network namespaces, and between them a pair of virtual devices. What is in the one
 * can be made not to arrive in the other, or slowly. Close it after its users have ended.
 */
final class Veth implements AutoCloseable {
    /** In the near namespace, and in the far one. */
    static final String NEAR = "10.213.97.1";
    static final String FAR = "10.213.97.2";
    private static final String NOBODY = "02:00:00:00:00:01";
    private static int made;

    private final String near;
    private final String far;
    private final Deque<String> namespaces = new ArrayDeque<>();
    private String farAddress;

    private Veth(String name) {
        near = name + "a";
        far = name + "b";
    }

    /** Makes one. */
    static Veth create() {
        Veth veth = new Veth("ba" + ProcessHandle.current().pid() + "x" + ++made);
        try {
            veth.make();
            return veth;
        } catch (RuntimeException | Error e) {
            veth.close();
            throw e;
        }
    }

    private void make() {
        for (String namespace : new String[] {near, far}) {
            Tools.run("ip", "netns", "add", namespace);
            namespaces.push(namespace);
        }
        Tools.run("ip", "link", "add", "veth0", "netns", near, "type", "veth", "peer", "name", "veth0", "netns", far);
        up(near, NEAR);
        up(far, FAR);
        String link = Tools.run("ip", "-n", far, "-o", "link", "show", "veth0");
        farAddress = link.replaceFirst("(?s).*link/ether ([0-9a-f:]+) .*", "$1");
        arrive();
    }

    private static void up(String namespace, String address) {
        Tools.run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "veth0");
        Tools.run("ip", "-n", namespace, "link", "set", "veth0", "up");
        Tools.run("ip", "-n", namespace, "link", "set", "lo", "up");
    }

    /** What begins a command that runs in the near namespace; files and processes are the machine's. */
    String[] inNear() {
        return new String[] {Tools.find("nsenter").toString(), "--net=/run/netns/" + near};
    }

    /** Likewise in the far one. */
    String[] inFar() {
        return new String[] {Tools.find("nsenter").toString(), "--net=/run/netns/" + far};
    }

    /** What the near namespace sends is lost from now on: it is sent to nobody. */
    void lose() {
        Tools.run("ip", "-n", near, "neigh", "replace", FAR, "lladdr", NOBODY, "dev", "veth0", "nud", "permanent");
    }

    /** What the near namespace sends arrives from now on. */
    void arrive() {
        Tools.run("ip", "-n", near, "neigh", "replace", FAR, "lladdr", farAddress, "dev", "veth0", "nud", "permanent");
    }

    /** What the near namespace sends goes so slowly from now on, for example {@code 1mbit}. */
    void slow(String rate) {
        Tools.run("tc", "-n", near, "qdisc", "replace", "dev", "veth0", "root", "tbf", "rate", rate, "burst", "1600",
                "limit", "100000");
    }

    /** What a command prints that runs in the near namespace. */
    String run(String... command) {
        String[] words = new String[command.length + 1];
        words[0] = inNear()[1];
        System.arraycopy(command, 0, words, 1, command.length);
        return Tools.run("nsenter", words);
    }

    /** Takes both namespaces away, and with them the devices. */
    @Override
    public void close() {
        while (!namespaces.isEmpty()) {
            Tools.run("ip", "netns", "del", namespaces.pop());
        }
    }
}
