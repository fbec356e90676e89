/**
 * The application that {@code bin/demo} and the tests look at.
 *
 * <p>In: the number of seconds to run. Out: one line on stdout, and threads that each spend
 * their time in a known way. It knows nothing of the agent.
 */
package io.bpfagent.sample;
