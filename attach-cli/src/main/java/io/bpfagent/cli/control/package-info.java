/**
 * The control channel's client and the documents that come through it.
 *
 * <p>Comes in: a {@link io.bpfagent.cli.jvm.TargetProcess} and a request. Goes out: the agent's
 * answer, one line of JSON, unchanged for {@code --format json} and as records for the text. The
 * command's main thread calls it; one more daemon thread guards the time limit. docs/json.md has
 * the documents' form.
 */
package io.bpfagent.cli.control;
