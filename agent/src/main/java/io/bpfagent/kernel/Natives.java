package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeTier;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * The native tier as far as this package needs it. One thread.
 *
 * @param lastErrno what the calling thread's last call left; to be asked before the next one
 * @param errorText the words for an errno of either sign
 */
record Natives(LibBpf libBpf, LibC libC, IntSupplier lastErrno, IntFunction<String> errorText) {
    static Natives of(NativeTier tier) {
        Errors errors = new Errors(tier);
        return new Natives(tier.libBpf(), tier.libC(), errors, errors);
    }

    private record Errors(NativeTier tier) implements IntSupplier, IntFunction<String> {
        @Override
        public int getAsInt() {
            return NativeTier.errno();
        }

        @Override
        public String apply(int errno) {
            return tier.errorText(errno);
        }
    }

    int errno() {
        return lastErrno.getAsInt();
    }

    String textOf(int errno) {
        return errorText.apply(errno);
    }
}
