package io.bpfagent.hooks.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.api.KernelContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.junit.jupiter.api.Test;

class NamedHookTest {
    private final NamedHook hook = new NamedHook();

    /** Has a method that is meant. */
    public static final class Meant {
        private Meant() {}

        @KernelContext.Named("a")
        static void named() {
            // Is only looked for.
        }
    }

    /** As that of a web application that has been stopped. */
    private static final class StoppedLoader extends ClassLoader {
        private int asked;

        StoppedLoader() {
            super(NamedHookTest.class.getClassLoader());
        }

        Class<?> define() throws IOException {
            String name = Meant.class.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        @Override
        public URL getResource(String name) {
            asked++;
            throw new IllegalStateException("stopped");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("stopped");
        }

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("stopped");
        }
    }

    @Test
    void aLoaderThatThrowsIsAskedOnceAndHasNoApi() throws IOException {
        StoppedLoader loader = new StoppedLoader();
        Class<?> loaded = loader.define();
        for (int i = 0; i < 10; i++) {
            assertFalse(hook.mayMatch(loaded));
        }
        assertEquals(1, loader.asked);
    }

    @Test
    void aClassIsMeantThatHasTheAnnotation() {
        assertTrue(hook.mayMatch(Meant.class));
        assertFalse(hook.mayMatch(StoppedLoader.class));
    }
}
