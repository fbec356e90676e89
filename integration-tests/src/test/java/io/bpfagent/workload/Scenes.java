package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Plays the scenes that stdin asks for, until it says {@code end} or is closed. */
public final class Scenes {
    private static final Map<String, Scene> SCENES = new HashMap<>();

    static {
        SCENES.put("prepare", ExactWaits::prepare);
        SCENES.put("exact", ExactWaits::exact);
        SCENES.put("collect", Garbage::collect);
        SCENES.put("allocate", Garbage::allocate);
        SCENES.put("block", BlockedForGood::block);
        SCENES.put("fsyncs", FileWaits::fsyncs);
        SCENES.put("faults", FileWaits::faults);
        SCENES.put("faults-and-park", FileWaits::faultsAndPark);
        SCENES.put("spin", Handover::spin);
        SCENES.put("echoes", Echo::echoes);
        SCENES.put("mixed", Mixture::mixed);
        SCENES.put("park-many", Crowds::parkMany);
        SCENES.put("sleep-many", Crowds::sleepMany);
        SCENES.put("churn", Crowds::churn);
        SCENES.put("brief", Crowds::brief);
        SCENES.put("named", Named::named);
        SCENES.put("timed", Named::timed);
        SCENES.put("ends", Named::ends);
        SCENES.put("rename", Named::rename);
        SCENES.put("pairs", Handover::pairs);
        SCENES.put("pauses", Pauses::pauses);
        SCENES.put("live", Pauses::live);
        SCENES.put("collections", Pauses::collections);
        SCENES.put("storm", Pauses::storm);
        SCENES.put("dumps", Pauses::dumps);
        SCENES.put("class-inits", ExactEvents::classInits);
        SCENES.put("parks", ExactEvents::parks);
        SCENES.put("park-flood", ExactEvents::parkFlood);
        SCENES.put("contended", ExactEvents::contended);
        SCENES.put("big-arrays", ExactEvents::bigArrays);
        SCENES.put("late-loop", LateThreads::loop);
        SCENES.put("late-loops", LateThreads::loops);
        SCENES.put("late-copy", LateThreads::copy);
        SCENES.put("late-fault", LateThreads::fault);
        SCENES.put("calls", ExactCalls::calls);
        SCENES.put("open-flood", ExactCalls::openFlood);
        SCENES.put("brief-opens", ExactCalls::briefOpens);
        SCENES.put("accepts", ExactCalls::accepts);
        SCENES.put("transfers", Transfers::transfers);
        SCENES.put("late-byte", Transfers::lateByte);
        SCENES.put("reads-in-all", Transfers::readsInAll);
        SCENES.put("file-calls", Transfers::fileCalls);
        SCENES.put("accept-and-read", ExactCalls::acceptAndRead);
        SCENES.put("preads", ExactCalls::preads);
        SCENES.put("direct", DiskTraffic::direct);
        SCENES.put("buffered", DiskTraffic::buffered);
        SCENES.put("cached", DiskTraffic::cached);
        SCENES.put("held", SlowWaits::held);
        SCENES.put("sync", SlowWaits::sync);
        SCENES.put("pings", SlowWaits::pings);
        SCENES.put("silent", SlowWaits::silent);
        SCENES.put("serve", Connections::serve);
        SCENES.put("serve-rudely", Connections::serveRudely);
        SCENES.put("serve-patiently", Connections::servePatiently);
        SCENES.put("echo", Connections::echo);
        SCENES.put("open", Connections::open);
        SCENES.put("be-refused", Connections::beRefused);
        SCENES.put("hold", Connections::hold);
        SCENES.put("ask", Connections::ask);
        SCENES.put("release", Connections::release);
        SCENES.put("requests", ContextWork::requests);
        SCENES.put("nester", ContextWork::nester);
        SCENES.put("nested", ContextWork::nested);
        SCENES.put("fast", ContextWork::fast);
        SCENES.put("dies-inside", ContextWork::diesInside);
        SCENES.put("unbalanced", ContextWork::unbalanced);
        SCENES.put("virtual-crowd", VirtualWork::crowd);
        SCENES.put("virtual-monitors", VirtualWork::monitors);
        SCENES.put("virtual-waits", VirtualWork::waits);
        SCENES.put("virtual-syncs", VirtualWork::syncs);
        SCENES.put("virtual-ends", VirtualWork::ends);
        SCENES.put("work", CheckedWork::work);
        SCENES.put("enough", CheckedWork::enough);
        SCENES.put("exit", arguments -> System.exit(Integer.parseInt(arguments[0])));
        SCENES.put("halt", arguments -> Runtime.getRuntime().halt(Integer.parseInt(arguments[0])));
        SCENES.put("reborn", Crowds::reborn);
        SCENES.put("turncoats", Named::turncoats);
    }

    private Scenes() {}

    /** A scene; returns when it is over. */
    @FunctionalInterface
    interface Scene {
        /** @param arguments the words of the line after the scene's name */
        void play(String[] arguments) throws Exception;
    }

    /** What a thread does. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** @param args none */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            String[] words = line.split(" ");
            String text = line;
            // The director's names end in letters, so that none joins a pool of a scene.
            start("director of " + words[0], () -> play(text, words));
        }
    }

    private static void play(String line, String[] words) {
        try {
            SCENES.get(words[0]).play(Arrays.copyOfRange(words, 1, words.length));
            System.out.println("done " + line);
        } catch (Exception | Error e) {
            System.out.println("failed " + line + " " + e);
            e.printStackTrace();
        }
    }

    /** A daemon thread of that name, started. */
    static Thread start(String name, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
