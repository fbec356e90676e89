/**
 * Tests of the correlation. {@link io.bpfagent.correlation.FakeKernel} stands in for the BPF programs:
 * it writes the same records by the same rules and keeps its own account of what they should add up to.
 */
package io.bpfagent.correlation;
