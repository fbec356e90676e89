/** Where snapshots go beside JMX and the control channel: each export on request, and of a snapshot alone. */
package io.bpfagent.export;
