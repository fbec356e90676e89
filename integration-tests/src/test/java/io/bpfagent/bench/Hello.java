package io.bpfagent.bench;

/** Says when main was entered, on the clock that all processes share, and ends. */
public final class Hello {
    private Hello() {}

    /** @param args none */
    public static void main(String[] args) {
        long ns = System.nanoTime();
        System.out.println("main ".concat(Long.toString(ns)));
    }
}
