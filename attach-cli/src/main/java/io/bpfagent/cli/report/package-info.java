/**
 * The page that {@code attach-cli report} makes of a recording.
 *
 * <p>Comes in: a file that {@code attach-cli record} has written (docs/json.md, record), line by line, of any length.
 * Goes out: one HTML file with all that its charts need: {@link io.bpfagent.cli.report.ReportData}, compressed, within
 * a template that the build makes (src/main/report). The command's main thread does all. What is kept in memory does
 * not grow with the length of the recording: time is cut into at most 600 columns, and of pauses, slow events and
 * threads so many are kept that a page can show them; how many were left out is a number on the page.
 */
package io.bpfagent.cli.report;
