package io.bpfagent.kernel;

/**
 * An instruction to attach a program to.
 *
 * @param offset    in the file
 * @param semaphore where in the file the probe's counter stands, 0 where there is none
 * @param cookie    what the program is told
 */
record UprobeSite(long offset, long semaphore, long cookie) {}
