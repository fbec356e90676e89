package io.bpfagent.extension;

/** Opens an extension. Its jar names it in {@code META-INF/services}; it has a public constructor without arguments. */
public interface ExtensionFactory {
    /** The number of these interfaces, and of the classes of {@code io.bpfagent.correlation} that they give. */
    int SCHEMA = 1;
    /** Where a jar's manifest says for which schema its extension is. */
    String ATTRIBUTE = "Bpf-Agent-Extension";

    /**
     * Opens it, on the agent's thread. Whether something far away answers is not waited for: that is a {@link Note}.
     *
     * @throws ExtensionException if it cannot be had as it is set up; nothing of it is left then
     */
    Extension open(ExtensionHost host) throws ExtensionException;
}
