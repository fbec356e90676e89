/**
 * For applications that say themselves which work is to be told apart. No dependencies; any thread.
 */
package io.bpfagent.api;
