/**
 * The benchmarks that {@code bin/bench} runs: what the agent costs, and how right its numbers are, beside
 * peers that do part of the same.
 *
 * <p>In: the built jars, real JVMs with the workloads of this package, libbpf-tools, bpftrace and wrk where they are
 * installed, async-profiler, and Jetty and H2 as applications. Out: tables on stdout and in docs/benchmarks.md, and
 * pictures beside it, of each {@link io.bpfagent.bench.Curve}. One thread; what is compared is measured in turns within
 * one run, in shuffled order, because this cancels most of what the machine does besides.
 *
 * <p>{@link io.bpfagent.bench.Bench} is where it begins. A {@link io.bpfagent.bench.Chapter} is one question
 * with its tables.
 */
package io.bpfagent.bench;
