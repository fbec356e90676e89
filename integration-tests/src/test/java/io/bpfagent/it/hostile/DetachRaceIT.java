package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.tools.attach.VirtualMachine;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.guest.Unharmed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent goes while everybody asks it everything. */
class DetachRaceIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TIMES = 3;
    private static final int ASKED = 20;

    private final AtomicBoolean over = new AtomicBoolean();
    /** What came of it but answers and refused connections, by its text. */
    private final Map<String, Throwable> strange = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger();

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whoAsksMeanwhileIsAnsweredOrRefused(Jdk jdk) throws Exception {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL)) {
            host.control();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(localAddress(host)))) {
                MBeanServerConnection beans = connector.getMBeanServerConnection();
                List<CompletableFuture<Void>> askers = new ArrayList<>();
                for (String verb : new String[] {"hist", "threads", "status"}) {
                    askers.add(CompletableFuture.runAsync(() -> ask(host, verb)));
                }
                askers.add(CompletableFuture.runAsync(() -> read(beans)));
                for (int time = 1; time <= TIMES; time++) {
                    comeAndGo(host);
                }
                over.set(true);
                askers.forEach(CompletableFuture::join);
            }
            assertEquals(Map.of(), strange);
            assertAddsUp(host.freshReport());
            assertEndsRight(host);
        }
    }

    /** Out, by two at once, and in again. */
    private void comeAndGo(HostJvm host) {
        int before = answers.get();
        Await.until(SOON, () -> "asked\n" + host.report(), () -> answers.get() >= before + ASKED);
        OurBpf held = Unharmed.assertInKernel(host);
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> detach(host));
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> detach(host));
        CompletableFuture.allOf(first, second).join();
        assertTrue(first.join() || second.join(), host::report);
        held.awaitGone();
        Unharmed.assertNothingInKernel(host);
        host.attach(SceneHost.INTERVAL);
        host.await("on");
    }

    private static String localAddress(HostJvm host) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(host.pid()));
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }

    /** Whether it was this one that was told that it is done. */
    private static boolean detach(HostJvm host) {
        try {
            return !host.control().ask(ControlClient.request("detach")).has("error");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private void ask(HostJvm host, String verb) {
        while (!over.get()) {
            try {
                JsonObject answer = host.control().ask(ControlClient.request(verb));
                String error = answer.has("error") && !answer.get("error").isJsonNull()
                        ? answer.get("error").getAsString() : "";
                if (error.contains("Exception") || error.contains("could not answer")) {
                    strange.put(verb + " " + error, new AssertionError(error));
                }
                answers.incrementAndGet();
            } catch (UncheckedIOException e) {
                Await.sleep(1); // nobody listens, or it went in the middle
            } catch (RuntimeException | Error e) {
                strange.put(verb + " " + e, e);
            }
        }
    }

    private void read(MBeanServerConnection beans) {
        while (!over.get()) {
            try {
                for (ObjectName name : beans.queryNames(new ObjectName("io.bpfagent:*"), null)) {
                    for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
                        beans.getAttribute(name, attribute.getName());
                    }
                    answers.incrementAndGet();
                }
            } catch (InstanceNotFoundException e) {
                Await.sleep(1); // it went in the middle
            } catch (IOException | JMException | RuntimeException | Error e) {
                strange.put("bean " + e, e);
            }
        }
    }
}
