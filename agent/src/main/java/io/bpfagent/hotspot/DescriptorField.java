package io.bpfagent.hotspot;

import java.io.FileDescriptor;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/** Where in a {@code FileDescriptor} its number stands. HotSpot exports no offsets of fields of Java classes. */
final class DescriptorField {
    private static final String INTERNALS = "jdk.internal.misc";

    private DescriptorField() {}

    /**
     * The offset from the object's begin, bytes. Not from {@code sun.misc.Unsafe}, which warns on stderr from 24 on.
     *
     * @param instrumentation for exporting {@code jdk.internal.misc} to this class's module and no other; null in a JVM
     *                        in which it is
     */
    static Finding<Integer> offset(Instrumentation instrumentation) {
        try {
            if (instrumentation != null) {
                instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                        Map.of(INTERNALS, Set.of(DescriptorField.class.getModule())), Map.of(), Set.of(), Map.of());
            }
            Class<?> unsafe = Class.forName(INTERNALS + ".Unsafe");
            Object only = unsafe.getMethod("getUnsafe").invoke(null);
            long offset = (long) unsafe.getMethod("objectFieldOffset", Class.class, String.class)
                    .invoke(only, FileDescriptor.class, "fd");
            return Finding.found((int) offset);
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            return Finding.missing("where a FileDescriptor has its number cannot be read: " + e);
        }
    }
}
