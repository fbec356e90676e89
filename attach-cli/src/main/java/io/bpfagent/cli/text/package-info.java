/**
 * The documents as text of at most 80 columns, for people.
 *
 * <p>Comes in: a document's record and a title. Goes out: lines, each ended by a newline, without
 * colours. Pure functions, any thread. What a document says was lost is always the last line.
 */
package io.bpfagent.cli.text;
