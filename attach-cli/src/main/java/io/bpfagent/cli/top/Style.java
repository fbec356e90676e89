package io.bpfagent.cli.top;

/** How a piece of a line looks, by what it means; a terminal without colours shows the same text. */
enum Style { PLAIN, TITLE, HEAD, KEY, DIM, WARN, RUNNING, RUNNABLE, LOCK, DISK, MEMORY, NETWORK, IDLE }
