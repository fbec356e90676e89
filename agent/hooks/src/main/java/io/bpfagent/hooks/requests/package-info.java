/**
 * Where requests, statements and polls begin and end in other people's classes, and where tasks go from one thread to
 * another: with {@code requests=true}.
 *
 * <p>In: types of the host, by name. Out: {@link io.bpfagent.hooks.weave.Hook}s, that is advice, the classes here that
 * are called {@code ...Advice}. Thread: what calls hooks; the advice is woven into the host and runs there.
 *
 * <p>Advice names the host's types: the compiler takes them from jars that are not shipped, and the JVM from where the
 * class has them that the advice is woven into. It takes its parameters as objects, so that nothing has to be read of
 * these types to weave it.
 */
package io.bpfagent.hooks.requests;
