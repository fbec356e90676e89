package io.bpfagent.contexts;

import io.bpfagent.hooks.Weaver;
import io.bpfagent.kernel.KernelException;
import java.io.Closeable;

/** Where a {@link Weaver} comes from. One thread at a time. */
interface WeaverSource extends Closeable {
    /** Makes one; once it has. When it throws, it may be asked again. */
    Weaver open() throws KernelException;
}
