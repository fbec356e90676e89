/**
 * From the records of state changes in a pause to {@link io.bpfagent.correlation.Pause}: what each thread did in it,
 * who had the CPUs, and where its time went.
 *
 * <p>In: the ring buffer {@code pause_records} ({@link io.bpfagent.correlation.ring.RingMemory}), the rows of GC
 * threads and everybody's names ({@link io.bpfagent.correlation.ThreadLookup}), and the kernel side's globals.
 * Out: the last pauses, into a {@link io.bpfagent.correlation.Snapshot}; and the consumer's position, into the ring.
 * In between: {@code RingReader} takes the records out, {@code PauseCollector} keeps them sorted in a
 * {@code RecordLog} until all of a pause is there, and {@code PauseFinisher} has the {@code WindowCutter} cut out its
 * {@code PauseWindow}. When somebody asks, the {@code Anatomist} has {@code PauseAnatomy} take that apart.
 *
 * <p>Threads: all up to the window belongs to the one reader thread of the agent, which looks into the ring eight times
 * a second and finishes pauses after it has read the ledger. Windows are not changed any more; they are taken apart on
 * the thread of whoever asks, one at a time. Pauses are immutable.
 *
 * <p>All times are nanoseconds on the clock of the records. Depends on {@code io.bpfagent.correlation}; nothing there
 * depends on this.
 */
package io.bpfagent.correlation.pause;
