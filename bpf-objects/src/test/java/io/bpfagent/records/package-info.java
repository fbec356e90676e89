/**
 * The generator of {@link io.bpfagent.records.RecordLayouts}, and the test that it was run.
 *
 * <p>In: the object file of {@code record_layouts.bpf.c}. On its way: {@link
 * io.bpfagent.records.ElfFile} finds the section {@code .BTF}, {@link io.bpfagent.records.Btf}
 * turns it into structs and enums, {@link io.bpfagent.records.LayoutSource} writes them down
 * as Java. Out: source text. Used at build time only, by one thread.
 */
package io.bpfagent.records;
