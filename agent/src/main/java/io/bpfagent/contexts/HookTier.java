package io.bpfagent.contexts;

import io.bpfagent.hooks.Weaver;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.tier.PackedTier;
import io.bpfagent.tier.TierException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.instrument.Instrumentation;

/**
 * The tier of class loaders that has the hooks and Byte Buddy, see {@link PackedTier}: a file of 10 MB in {@code
 * tmpdir=} while it is there.
 */
final class HookTier implements WeaverSource {
    private static final String TIER = "hooks";
    /** Its file's 10 MB, and some more. */
    private static final int ROOM_MB = 12;
    private static final String WEAVER = "io.bpfagent.hooks.weave.HostWeaver";

    private final Instrumentation instrumentation;
    private final String tmpdir;
    /** Null until it is wanted. */
    private ClassLoader loader;

    /** @param tmpdir where its file is put */
    HookTier(Instrumentation instrumentation, String tmpdir) {
        this.instrumentation = instrumentation;
        this.tmpdir = tmpdir;
    }

    @Override
    public Weaver open() throws KernelException {
        if (loader == null) {
            // Before the first class that names one of these.
            BootClasses.define(instrumentation, tmpdir);
            loader = extracted();
        }
        return weaver();
    }

    private ClassLoader extracted() throws KernelException {
        try {
            return PackedTier.load(TIER, tmpdir, ROOM_MB);
        } catch (TierException e) {
            throw new KernelException("Cannot weave hooks", ": " + e.getMessage());
        }
    }

    /** Loads Byte Buddy. */
    private Weaver weaver() throws KernelException {
        try {
            return (Weaver) loader.loadClass(WEAVER).getConstructor(Instrumentation.class).newInstance(instrumentation);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KernelException("Cannot weave hooks", ": " + cause + ". All else works; please report it.");
        }
    }

    /** Classes that are loaded already go on working. */
    @Override
    public void close() throws IOException {
        if (loader != null) {
            ((Closeable) loader).close();
        }
    }
}
