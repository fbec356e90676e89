package io.bpfagent.hooks.weave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.api.KernelContext;
import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.HookReport;
import io.bpfagent.hooks.TracePattern;
import io.bpfagent.hooks.trace.TraceAdvice;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostWeaverTest {
    private static final String TRACED = Traced.class.getName();
    private static Instrumentation instrumentation;

    private final HostWeaver weaver = new HostWeaver(instrumentation);

    @BeforeAll
    static void becomeAnAgent() {
        instrumentation = ByteBuddyAgent.install();
    }

    /** For every thread of its own, as a row is: these tests have two. */
    @BeforeEach
    void countContexts() {
        AtomicInteger rows = new AtomicInteger();
        ContextRuntime.install(ByteBuffer.allocateDirect(64 * ContextSlot.SIZE), rows::getAndIncrement, 0);
    }

    @AfterEach
    void restore() {
        weaver.close();
        ContextRuntime.uninstall();
    }

    private static ContextSettings trace(String... patterns) {
        return new ContextSettings(true, Arrays.stream(patterns).map(TracePattern::of).toList(), false, false);
    }

    /** What an agent beside sees of a class when it is woven anew, after all those that came before. */
    private static byte[] seenBeside(Class<?> type) throws Exception {
        byte[][] seen = new byte[1][];
        ClassFileTransformer beside = new ClassFileTransformer() {
            @Override
            public byte[] transform(ClassLoader loader, String name, Class<?> loaded, ProtectionDomain domain,
                    byte[] bytes) {
                if (loaded != type) {
                    return null;
                }
                // HotSpot keeps the bytes of a class that somebody has changed, be it into the same. Else it puts them
                // together anew each time, with two more constants than the last time.
                seen[0] = bytes.clone();
                return seen[0];
            }
        };
        instrumentation.addTransformer(beside, true);
        instrumentation.retransformClasses(type);
        instrumentation.removeTransformer(beside);
        return seen[0];
    }

    @Test
    void aMethodIsAContextWithinThatOfItsCaller() {
        Traced traced = new Traced();
        assertEquals(List.of("then"), traced.outer());
        weaver.want(trace(TRACED + ".inner", TRACED + ".outer"));
        assertEquals(List.of(TRACED + ".outer", TRACED + ".inner", "then", TRACED + ".outer"), traced.outer());
        assertEquals(List.of(TRACED + ".inner"), traced.inner());
        assertEquals(List.of(), Traced.path());
        assertEquals(List.of("api", "api annotation", "trace"),
                weaver.reports().stream().map(HookReport::name).toList());
        assertEquals(1, weaver.reports().get(2).classes());
    }

    @Test
    void anExceptionEndsAContextAndIsTheSame() {
        weaver.want(trace(TRACED + ".t*"));
        RuntimeException mine = new IllegalStateException("mine");
        assertSame(mine, assertThrows(RuntimeException.class, () -> new Traced().thrown(mine)));
        assertEquals(List.of(), Traced.path());
    }

    @Test
    void argumentsAndResultsStayWhatTheyAre() {
        weaver.want(trace(TRACED + ".*"));
        assertEquals(17, Traced.wide(1, 2.5, new long[] {3, 4}, "7"));
        assertEquals(10, Traced.wide(1, 2.5, new long[] {3, 4}, "x"));
    }

    @Test
    void otherPatternsTakeThePlaceOfThose() {
        Traced traced = new Traced();
        weaver.want(trace(TRACED + ".inner"));
        weaver.want(trace(TRACED + ".outer"));
        assertEquals(List.of(TRACED + ".outer", "then", TRACED + ".outer"), traced.outer());
        assertEquals(List.of(), traced.inner());
        weaver.want(trace());
        assertEquals(List.of(), traced.inner());
        assertEquals(2, weaver.reports().size());
    }

    @Test
    void afterItHasGoneAnAgentBesideSeesTheBytesOfBefore() throws Exception {
        byte[] before = seenBeside(Traced.class);
        byte[] beforeApi = seenBeside(KernelContext.class);
        weaver.want(trace(TRACED + ".*"));
        assertFalse(Arrays.equals(before, seenBeside(Traced.class)));
        assertFalse(Arrays.equals(beforeApi, seenBeside(KernelContext.class)));
        assertEquals(List.of(), weaver.close());
        assertArrayEquals(before, seenBeside(Traced.class));
        assertArrayEquals(beforeApi, seenBeside(KernelContext.class));
        assertEquals(List.of(), weaver.close());
    }

    @Test
    void theApplicationsOwnContextsAreContexts() {
        assertEquals(List.of(), Traced.opened("basket"));
        weaver.want(trace());
        assertEquals(List.of("basket"), Traced.opened("basket"));
        assertEquals(List.of("checkout"), Traced.named());
        assertEquals(List.of(), Traced.path());
        weaver.close();
        assertEquals(List.of(), Traced.opened("basket"));
        assertEquals(List.of(), Traced.named());
    }

    @Test
    void aContextIsClosedOnceAndByItsOwnThread() throws InterruptedException {
        weaver.want(trace());
        KernelContext outer = KernelContext.open("outer");
        KernelContext inner = KernelContext.open("inner");
        inner.close();
        assertEquals(List.of("outer"), Traced.path());
        inner.close();
        assertEquals(List.of("outer"), Traced.path());
        Thread other = new Thread(outer::close);
        other.start();
        other.join();
        assertEquals(List.of("outer"), Traced.path());
        outer.close();
        outer.close();
        assertEquals(List.of(), Traced.path());
        try (KernelContext none = KernelContext.open(null)) {
            assertEquals(List.of("other"), Traced.path());
        }
    }

    @Test
    void contextsThatAreClosedInTheWrongOrderHaveAllEnded() {
        weaver.want(trace());
        KernelContext outer = KernelContext.open("outer");
        KernelContext inner = KernelContext.open("inner");
        outer.close();
        assertEquals(List.of(), Traced.path());
        inner.close();
        assertEquals(List.of(), Traced.path());
        try (KernelContext next = KernelContext.open("next")) {
            inner.close();
            assertEquals(List.of("next"), Traced.path());
        }
    }

    /** A loader that has {@link Traced.Apart} itself. */
    private static class OwnLoader extends ClassLoader {
        OwnLoader() {
            super(HostWeaverTest.class.getClassLoader());
        }

        Class<?> define() throws IOException {
            return define(Traced.Apart.class);
        }

        Class<?> define(Class<?> type) throws IOException {
            String name = type.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    private static WeakReference<ClassLoader> runInLoaderOfItsOwn() throws Exception {
        OwnLoader loader = new OwnLoader();
        ((Runnable) loader.define().getConstructor().newInstance()).run();
        return new WeakReference<>(loader);
    }

    @Test
    void aClassThatComesLaterIsWovenAndItsLoaderIsNotHeld() throws Exception {
        weaver.want(trace(TRACED + "$Apart.run"));
        WeakReference<ClassLoader> loader = runInLoaderOfItsOwn();
        assertEquals("true", System.getProperty("hooks.test.path"));
        for (int i = 0; i < 50 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(loader.get());
        assertEquals(1, weaver.reports().get(2).classes());
    }

    /** As a loader of OSGi or JBoss Modules: what it was not told of it does not ask its parent for. */
    private static final class RefusingLoader extends OwnLoader {
        private int asked;

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.bpfagent.boot.")) {
                asked++;
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void aClassWhoseLoaderDoesNotSeeTheHooksClassesStaysAsItIs() throws Exception {
        RefusingLoader loader = new RefusingLoader();
        Runnable quiet = (Runnable) loader.define(Traced.Quiet.class).getConstructor().newInstance();
        weaver.want(trace(TRACED + "$Quiet.run", TRACED + "$Apart.*"));
        quiet.run();
        quiet.run();
        assertEquals(1, loader.asked);
        loader.define();
        assertEquals(1, loader.asked);
        HookReport report = weaver.reports().get(2);
        assertEquals(0, report.failed());
        assertEquals(TRACED + "$Quiet: its class loader (" + RefusingLoader.class.getName()
                + ") does not show it the agent's classes in the boot loader (and 1 more class)", report.problem());
    }

    /** A hook that means a class of one loader only. */
    private record OneLoaderHook(ClassLoader meant) implements Hook {
        @Override
        public String name() {
            return "one loader";
        }

        @Override
        public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
            return loader == meant && className.equals(TRACED + "$Apart");
        }

        @Override
        public boolean mayMatch(Class<?> loaded) {
            return mayMatch(loaded.getName(), loaded.getClassLoader(), null);
        }

        @Override
        public List<HookAdvice> advice(TypeDescription type) {
            return List.of(new HookAdvice(ElementMatchers.named("run"), Rehearsal.class));
        }
    }

    @Test
    void ofTwoClassesOfOneNameEachHasItsOwnBytesAfterwards() throws Exception {
        OwnLoader loader = new OwnLoader();
        Class<?> meant = loader.define();
        byte[] before = seenBeside(meant);
        try (HostWeaverInForce force = new HostWeaverInForce(new OneLoaderHook(loader))) {
            assertFalse(Arrays.equals(before, seenBeside(meant)));
            // Another agent has the other one woven anew, which no hook means.
            seenBeside(Traced.Apart.class);
            assertEquals(1, force.weaver.reports().get(0).classes());
        }
        assertArrayEquals(before, seenBeside(meant));
    }

    /** A hook that takes its time with a class that is being loaded. */
    private record SlowHook(CountDownLatch begun, CountDownLatch mayGoOn) implements Hook {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
            return loader instanceof OwnLoader && className.equals(TRACED + "$Apart");
        }

        @Override
        public boolean mayMatch(Class<?> loaded) {
            return false;
        }

        @Override
        public List<HookAdvice> advice(TypeDescription type) {
            begun.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(new HookAdvice(ElementMatchers.named("run"), TraceAdvice.class,
                    List.of(new MethodContexts(ContextRuntime.METHOD, method -> "slow"))));
        }
    }

    @Test
    void aClassThatIsJustBeingLoadedIsRidOfAHookThatGoes() throws Exception {
        SlowHook hook = new SlowHook(new CountDownLatch(1), new CountDownLatch(1));
        Class<?>[] defined = new Class<?>[1];
        try (HostWeaverInForce force = new HostWeaverInForce(hook)) {
            Thread loads = new Thread(() -> {
                try {
                    defined[0] = new OwnLoader().define();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            loads.start();
            hook.begun.await();
            Thread takesOut = new Thread(() -> force.weaver.want(trace()));
            takesOut.start();
            takesOut.join(200);
            hook.mayGoOn.countDown();
            takesOut.join();
            loads.join();
            ((Runnable) defined[0].getConstructor().newInstance()).run();
            assertEquals("false", System.getProperty("hooks.test.path"));
        }
    }

    /** Some hook, until it is closed. */
    private static final class HostWeaverInForce implements AutoCloseable {
        private final HostWeaver weaver;

        HostWeaverInForce(Hook hook) {
            weaver = new HostWeaver(instrumentation,
                    settings -> settings.trace().isEmpty() ? List.of() : List.of(hook));
            weaver.want(trace("a.b"));
        }

        @Override
        public void close() {
            weaver.close();
        }
    }

    /** Advice that fails whenever it runs. */
    static final class Failing {
        private Failing() {
        }

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            throw new ArithmeticException("not the host's concern");
        }
    }

    private record FailingHook(boolean matching, boolean mayFail) implements Hook {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
            if (!matching && className.equals(TRACED)) {
                throw new UnsupportedOperationException("neither is this");
            }
            return className.equals(TRACED);
        }

        @Override
        public boolean mayMatch(Class<?> loaded) {
            return loaded == Traced.class;
        }

        @Override
        public List<HookAdvice> advice(TypeDescription type) {
            return List.of(new HookAdvice(ElementMatchers.named("inner"), Failing.class));
        }
    }

    @Test
    void aHookThatFailsTenTimesIsTakenOutAndDoesNotComeBack() throws Exception {
        byte[] before = seenBeside(Traced.class);
        HostWeaver failing = new HostWeaver(instrumentation, settings -> List.of(new FailingHook(true, true)));
        failing.want(trace());
        Traced traced = new Traced();
        for (int i = 0; i < 9; i++) {
            assertEquals(List.of(), traced.inner());
        }
        assertFalse(failing.hasFailed());
        traced.inner();
        assertTrue(failing.hasFailed());
        HookReport gone = failing.removeFailed().get(0);
        assertEquals("failing", gone.name());
        assertEquals(10, gone.failed());
        assertEquals("java.lang.ArithmeticException", gone.problem());
        assertFalse(failing.hasFailed());
        assertArrayEquals(before, seenBeside(Traced.class));
        failing.want(trace("a.b"));
        traced.inner();
        assertTrue(failing.reports().get(0).removed());
        assertEquals(List.of(), failing.removeFailed());
        failing.close();
    }

    @Test
    void aHookThatMustNotFailIsTakenOutAtItsFirstFailure() throws Exception {
        byte[] before = seenBeside(Traced.class);
        HostWeaver failing = new HostWeaver(instrumentation, settings -> List.of(new FailingHook(true, false)));
        failing.want(trace());
        assertFalse(failing.hasFailed());
        new Traced().inner();
        assertTrue(failing.hasFailed());
        assertEquals(1, failing.removeFailed().get(0).failed());
        assertArrayEquals(before, seenBeside(Traced.class));
        failing.close();
    }

    @Test
    void aHookWhoseOwnCodeFailsHarmsNoClass() throws Exception {
        HostWeaver failing = new HostWeaver(instrumentation, settings -> List.of(new FailingHook(false, true)));
        failing.want(trace());
        for (int i = 0; i < 10; i++) {
            seenBeside(Traced.class);
        }
        assertEquals(List.of(), new Traced().inner());
        assertTrue(failing.hasFailed());
        assertTrue(failing.removeFailed().get(0).problem().contains("UnsupportedOperationException"));
        failing.close();
    }
}
