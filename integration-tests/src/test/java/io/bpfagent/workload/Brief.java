package io.bpfagent.workload;

/** An application that is over before an agent has come up. */
public final class Brief {
    private Brief() {}

    /**
     * Prints {@code hello}, then ends in the way that is asked for.
     *
     * @param args {@code return}, {@code exit CODE}, {@code halt CODE} or {@code throw}
     */
    public static void main(String[] args) {
        System.out.println("hello");
        switch (args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(args[1]));
            case "throw" -> throw new IllegalStateException("on purpose");
            default -> { }
        }
    }
}
