/**
 * What the OpenTelemetry SDK in this jar has in place of {@code java.util.logging}: nothing is printed, and the host's
 * logging is neither begun nor used. What there is to be said comes from {@link io.bpfagent.otlp.OtlpExtension}.
 */
package io.bpfagent.otlp.logging;
