/**
 * Where the fields of the shared records stand, and the programs that fill them.
 *
 * <p>In: {@code records.h}, by way of the generator in this module's tests. Out: constants of
 * {@link io.bpfagent.records.RecordLayouts}, and the resources
 * {@code /bpf/x86_64/NAME.bpf.o.gz} and {@code /bpf/arm64/NAME.bpf.o.gz}. Nothing here runs, so any
 * thread may use it.
 */
package io.bpfagent.records;
