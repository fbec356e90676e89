package io.bpfagent.hooks.api;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.trace.TraceAdvice;
import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import io.bpfagent.hooks.weave.LoaderAnswers;
import io.bpfagent.hooks.weave.MethodContexts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;

/**
 * Methods with {@code @KernelContext.Named} of bpf-agent-api.
 *
 * <p>Which classes have some stands in their class files alone: of one that is being loaded it is searched for the
 * annotation's name; of those that are there already, where their loader has the API at all.
 */
public final class NamedHook implements Hook {
    private static final String ANNOTATION = "io.bpfagent.api.KernelContext$Named";
    private static final byte[] DESCRIPTOR =
            "Lio/bpfagent/api/KernelContext$Named;".getBytes(StandardCharsets.US_ASCII);
    /** Of the dollar sign. */
    private static final int RARE = 30;

    /** Whether a loader has the API; used by the thread that weaves alone. */
    private final LoaderAnswers loaders = new LoaderAnswers();

    @Override
    public String name() {
        return "api annotation";
    }

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        return loader != null && contains(bytes, DESCRIPTOR);
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        // What is rare in class files is looked for first.
        byte rare = part[RARE];
        int last = bytes.length - (part.length - RARE);
        for (int at = RARE; at <= last; at++) {
            if (bytes[at] == rare && Arrays.equals(bytes, at - RARE, at - RARE + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        ClassLoader loader = loaded.getClassLoader();
        if (loader == null || loaded.isHidden()) {
            return false;
        }
        Boolean hasApi = loaders.of(loader);
        if (hasApi == null) {
            hasApi = hasApi(loader);
            loaders.put(loader, hasApi);
        }
        return hasApi && hasAnnotation(loaded);
    }

    private static boolean hasApi(ClassLoader loader) {
        try {
            return loader.getResource(ANNOTATION.replace('.', '/') + ".class") != null;
        } catch (RuntimeException | LinkageError e) {
            // That of an application that has been stopped may refuse so.
            return false;
        }
    }

    /** By its module: its loader would open a jrt: URL for one of the JDK's. */
    private static boolean hasAnnotation(Class<?> loaded) {
        try (InputStream in =
                loaded.getModule().getResourceAsStream(loaded.getName().replace('.', '/') + ".class")) {
            return in != null && contains(in.readAllBytes(), DESCRIPTOR);
        } catch (IOException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        for (MethodDescription method : type.getDeclaredMethods()) {
            if (nameOf(method) != null) {
                return List.of(new HookAdvice(target -> nameOf(target) != null, TraceAdvice.class,
                        List.of(new MethodContexts(ContextRuntime.API, NamedHook::nameOf))));
            }
        }
        return List.of();
    }

    /** Null of a method without it. */
    private static String nameOf(MethodDescription method) {
        if (!method.isMethod() || method.isAbstract() || method.isNative()) {
            return null;
        }
        for (AnnotationDescription annotation : method.getDeclaredAnnotations()) {
            if (annotation.getAnnotationType().getName().equals(ANNOTATION)) {
                return annotation.getValue("value").resolve(String.class);
            }
        }
        return null;
    }
}
