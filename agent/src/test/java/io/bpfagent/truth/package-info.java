/**
 * Known truths, played through the whole agent: sequences of the scheduler's and HotSpot's events go into the BPF
 * programs, which are compiled for this machine from the same source ({@code bpf-objects/src/test/native}), and what
 * the agent reads of that is compared with what has happened.
 *
 * <p>In: steps, at random. Out: nothing; what differs fails. {@link io.bpfagent.truth.PlayedKernel} is the programs
 * with their memory, {@link io.bpfagent.truth.Machine} the CPUs and tasks that make the events, {@link
 * io.bpfagent.truth.Account} what a thread has really done, {@link io.bpfagent.truth.PlayedAgent} the agent's readers.
 */
package io.bpfagent.truth;
