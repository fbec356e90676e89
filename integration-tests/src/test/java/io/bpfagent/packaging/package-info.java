/**
 * Tests of the finished jars as files. They need neither root nor the kernel and run in every
 * {@code mvn verify}. In: the system properties {@code agent.jar} and {@code cli.jar}.
 */
package io.bpfagent.packaging;
