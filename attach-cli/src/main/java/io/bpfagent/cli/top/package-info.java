/**
 * The full-screen view of {@code attach-cli top}.
 *
 * <p>Comes in: the agent's documents ({@link io.bpfagent.cli.top.TopFeed}), keys and sizes of the terminal. Goes out:
 * frames. A frame is a pure function of the documents, the size and what the user has chosen
 * ({@link io.bpfagent.cli.top.TopFrame}); a key is a pure function from one choice to the next
 * ({@link io.bpfagent.cli.top.TopKeys}). Three threads: {@code top-asks} talks to the agent, so that a JVM in a long
 * pause does not keep keys from working; {@code top-keys} reads keys; the command's main thread takes from both and
 * draws. {@link io.bpfagent.cli.top.TopScreen} is all that knows the terminal library.
 */
package io.bpfagent.cli.top;
