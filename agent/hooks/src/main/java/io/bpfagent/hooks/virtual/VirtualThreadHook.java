package io.bpfagent.hooks.virtual;

import io.bpfagent.boot.VirtualRuntime;
import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.MethodList;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Follows virtual threads: where one is mounted on a carrier, where it is unmounted, and where it is given to the
 * scheduler.
 *
 * <p>Of {@code java.lang.VirtualThread}, from JDK 21 on: {@code mount} and {@code unmount} are called by
 * {@code runContinuation}, which carriers run, around everything that a virtual thread does; also when it waits for a
 * monitor (JEP 491), which no other method of it sees. What of these is not there, nobody can follow: then nothing is
 * woven.
 */
public record VirtualThreadHook() implements Hook {
    private static final String CLASS = "java.lang.VirtualThread";
    private static final String MOUNT = "mount";
    private static final String UNMOUNT = "unmount";
    private static final String STATE = "state";
    /** Their names end like that: {@code submitRunContinuation}, {@code lazySubmitRunContinuation} ... */
    private static final String SUBMIT = "submitruncontinuation";

    @Override
    public String name() {
        return "virtual threads";
    }

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        return loader == null && className.equals(CLASS);
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return loaded.getClassLoader() == null && loaded.getName().equals(CLASS);
    }

    /** Who sees mounts and no unmounts takes carriers for virtual threads that have left them long ago. */
    @Override
    public boolean mayFail() {
        return false;
    }

    @Override
    public void begins() {
        Map<String, Integer> states = states();
        VirtualRuntime.follow(value(states, "RUNNING"), value(states, "YIELDING"), value(states, "YIELDED"));
    }

    @Override
    public void ends() {
        VirtualRuntime.unfollow();
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        MethodList<?> methods = type.getDeclaredMethods();
        MethodList<?> mounts = methods.filter(ElementMatchers.named(MOUNT).and(ElementMatchers.takesNoArguments()));
        MethodList<?> unmounts = methods.filter(ElementMatchers.named(UNMOUNT).and(ElementMatchers.takesNoArguments()));
        List<String> submits = submits(methods);
        boolean hasState = !type.getDeclaredFields().filter(ElementMatchers.named(STATE)
                .and(ElementMatchers.fieldType(int.class))).isEmpty();
        if (mounts.size() != 1 || unmounts.size() != 1 || submits.isEmpty() || !hasState) {
            throw new IllegalStateException("is not known: mount, unmount, submitRunContinuation or state is missing");
        }
        List<HookAdvice> advice = new ArrayList<>();
        advice.add(new HookAdvice(ElementMatchers.is(mounts.getOnly()), MountAdvice.class));
        advice.add(new HookAdvice(ElementMatchers.is(unmounts.getOnly()), UnmountAdvice.class));
        advice.add(new HookAdvice(method -> submits.contains(method.toString()), SubmitAdvice.class));
        return advice;
    }

    /** Those that submit themselves. One without arguments calls its namesake that has some. */
    private static List<String> submits(MethodList<?> methods) {
        Map<String, String> byName = new HashMap<>();
        List<String> all = new ArrayList<>();
        for (MethodDescription method : methods) {
            if (method.getName().toLowerCase(Locale.ROOT).contains(SUBMIT)) {
                boolean first = !byName.containsKey(method.getName());
                if (first || !method.getParameters().isEmpty()) {
                    byName.put(method.getName(), method.toString());
                }
            }
        }
        all.addAll(byName.values());
        return all;
    }

    private static int value(Map<String, Integer> states, String name) {
        Integer value = states.get(name);
        if (value == null) {
            throw new IllegalStateException(CLASS + " is not known: it has no state " + name);
        }
        return value;
    }

    /** The constants of the class file, without initializing the class: that would start threads. */
    private static Map<String, Integer> states() {
        Map<String, Integer> states = new HashMap<>();
        try (InputStream file = Object.class.getResourceAsStream("VirtualThread.class")) {
            if (file == null) {
                throw new IllegalStateException(CLASS + " is not there");
            }
            ClassReader reader = OpenedClassReader.of(file.readAllBytes());
            reader.accept(new ClassVisitor(OpenedClassReader.ASM_API) {
                @Override
                public FieldVisitor visitField(int access, String name, String descriptor, String signature,
                        Object value) {
                    if (value instanceof Integer number && (access & Opcodes.ACC_STATIC) != 0) {
                        states.put(name, number);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IOException e) {
            throw new IllegalStateException(CLASS + " cannot be read: " + e, e);
        }
        return states;
    }
}
