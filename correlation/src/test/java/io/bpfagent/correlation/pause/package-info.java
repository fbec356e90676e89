/**
 * Tests of the pauses. {@link io.bpfagent.correlation.pause.Scene} makes one pause by hand, as a rule needs it;
 * {@link io.bpfagent.correlation.pause.FakeMachine} has CPUs, a scheduler and its own account of what happened.
 */
package io.bpfagent.correlation.pause;
