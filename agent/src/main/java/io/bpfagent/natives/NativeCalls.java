package io.bpfagent.natives;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * Calls C functions of up to six arguments through jffi, the core of jnr-ffi.
 *
 * <p>Every argument and result is a 64-bit register: on x86_64 and aarch64 a callee reads the low
 * half of a register for an {@code int} (aarch64's upper half is unspecified, as is that of a
 * result, so results of {@code int} functions are cut by a cast). One call context per number of
 * arguments is enough then. jnr-ffi's own interface binding makes the same calls for 7 to 13 MiB of
 * resident memory more (docs/decisions/0005).
 *
 * <p>Any thread may call. errno is kept per thread.
 */
final class NativeCalls {
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final CallContext[] CONTEXTS = contexts();

    private NativeCalls() {}

    private static CallContext[] contexts() {
        CallContext[] contexts = new CallContext[7];
        for (int count = 0; count < contexts.length; count++) {
            Type[] types = new Type[count];
            Arrays.fill(types, Type.SINT64);
            contexts[count] = new CallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
        }
        return contexts;
    }

    /** The address of a function that must be there. */
    static long function(Library library, String name) throws NativeTierException {
        long address = library.getSymbolAddress(name);
        if (address == 0) {
            throw new NativeTierException("Cannot use libbpf: it has no function " + name
                    + " (libbpf 1.4 or later is needed). Leave libbpf= out to use the one in the"
                    + " jar, or name a newer one. See TROUBLESHOOTING.md, \"Cannot use libbpf\".");
        }
        return address;
    }

    static int errno() {
        return LastError.getInstance().get();
    }

    static long call(long function) {
        return INVOKER.invokeL0(CONTEXTS[0], function);
    }

    static long call(long function, long a) {
        return INVOKER.invokeL1(CONTEXTS[1], function, a);
    }

    static long call(long function, long a, long b) {
        return INVOKER.invokeL2(CONTEXTS[2], function, a, b);
    }

    static long call(long function, long a, long b, long c) {
        return INVOKER.invokeL3(CONTEXTS[3], function, a, b, c);
    }

    static long call(long function, long a, long b, long c, long d) {
        return INVOKER.invokeL4(CONTEXTS[4], function, a, b, c, d);
    }

    static long call(long function, long a, long b, long c, long d, long e) {
        return INVOKER.invokeL5(CONTEXTS[5], function, a, b, c, d, e);
    }

    static long call(long function, long a, long b, long c, long d, long e, long f) {
        return INVOKER.invokeL6(CONTEXTS[6], function, a, b, c, d, e, f);
    }
}
