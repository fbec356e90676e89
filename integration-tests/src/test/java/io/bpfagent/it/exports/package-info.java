/**
 * The exports, each read by what it is made for.
 *
 * <p>In: the finished jars and root, as for all tests here; Debian's {@code prometheus} with {@code promtool}. Out:
 * {@link io.bpfagent.it.exports.PromServer}, a server of its own on loopback that scrapes each second, and
 * {@link io.bpfagent.it.exports.PromQuery}, what it answers. Called by the thread of a test.
 */
package io.bpfagent.it.exports;
