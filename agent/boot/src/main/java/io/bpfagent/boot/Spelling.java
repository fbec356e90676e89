package io.bpfagent.boot;

/**
 * The name that two texts stand for, written where it is told to: a name that is known already is found without a
 * string of it being made.
 *
 * <p>Any thread; it has no state. No text makes it throw, and what it takes is bounded, however long the text is.
 */
interface Spelling {
    /**
     * Writes the name.
     *
     * @param into as much of the name as fits
     * @return how many characters that are
     */
    int spell(String first, String second, char[] into);
}
