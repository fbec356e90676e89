package io.bpfagent.workload;

import io.bpfagent.api.KernelContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Into whose methods hooks are woven. Each line on stdin is a method that says on stdout which contexts it was in, as
 * the agent's own class in the boot loader has it: {@code place 1 outer>inner}, with how many lines there were before.
 */
public final class Woven {
    private static int asked;

    private Woven() {}

    /** @param args none */
    public static void main(String[] args) throws Exception {
        System.out.println("begin");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            asked++;
            System.out.println(line + " " + asked + " " + answer(line));
        }
        System.out.println("end");
    }

    private static String answer(String line) throws Exception {
        switch (line) {
            case "place":
                return placeOrder();
            case "throw":
                return thrown();
            case "later":
                return Later.name();
            case "open":
                return opened();
            case "named":
                return named();
            case "loader":
                return loader();
            default:
                return path();
        }
    }

    static String placeOrder() {
        return save();
    }

    static String save() {
        return path();
    }

    private static String thrown() {
        try {
            return fail();
        } catch (IllegalStateException e) {
            return e.getMessage() + " then " + path();
        }
    }

    static String fail() {
        throw new IllegalStateException(path());
    }

    private static String opened() {
        try (KernelContext context = KernelContext.open("basket")) {
            return path();
        }
    }

    @KernelContext.Named("checkout")
    static String named() {
        return path();
    }

    /** Is loaded when it is asked for. */
    static final class Later {
        private Later() {}

        static String name() {
            return path();
        }
    }

    /** Of a loader of its own. */
    public static final class Apart implements Runnable {
        @Override
        public void run() {
            System.setProperty("woven.apart", path());
        }
    }

    private static final class OwnLoader extends ClassLoader {
        OwnLoader() {
            super(Woven.class.getClassLoader());
        }

        Class<?> define() throws IOException {
            String name = Apart.class.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    private static WeakReference<ClassLoader> runApart() throws Exception {
        OwnLoader loader = new OwnLoader();
        ((Runnable) loader.define().getConstructor().newInstance()).run();
        return new WeakReference<>(loader);
    }

    private static String loader() throws Exception {
        WeakReference<ClassLoader> loader = runApart();
        for (int i = 0; i < 50 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        return System.getProperty("woven.apart") + (loader.get() == null ? " collected" : " kept");
    }

    /** The contexts that the calling thread is in, outermost first, with {@code >} between them; {@code -} for none. */
    public static String path() {
        try {
            Class<?> runtime = Class.forName("io.bpfagent.boot.ContextRuntime", false, null);
            Method parent = runtime.getMethod("parentOf", int.class);
            Method context = runtime.getMethod("contextOf", int.class);
            Method name = runtime.getMethod("name", int.class);
            List<String> names = new ArrayList<>();
            int node = ((Long) runtime.getMethod("current").invoke(null)).intValue();
            while (node > 0) {
                names.add(0, (String) name.invoke(null, context.invoke(null, node)));
                node = (Integer) parent.invoke(null, node);
            }
            return names.isEmpty() ? "-" : String.join(">", names);
        } catch (ReflectiveOperationException e) {
            return "-";
        }
    }
}
