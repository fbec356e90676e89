/** What {@code requests=true} says of real servers, a real database and real traces. */
package io.bpfagent.it.requests;
