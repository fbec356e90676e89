package io.bpfagent.find;

import io.bpfagent.hotspot.ElfFile;
import io.bpfagent.hotspot.ElfFunctions;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtArgument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks up functions by their symbol or their C++ name: once through the table, and a second time for the nearest names
 * when there is none. For libjvm's 48,000 to 58,000, in a JVM that has just begun: 40 to 60 ms of CPU time and
 * 2 MB of garbage, and 80 to 130 ms and 25 to 30 MB more. Nothing is kept.
 */
final class FunctionFinder extends SiteFinder {
    private final Registers registers;

    FunctionFinder(Library library, ProbeSpec spec, Registers registers) {
        super(library, spec);
        this.registers = registers;
    }

    @Override
    List<FoundSite> find(ElfFile file, String name, int greatestArgument) throws IOException, ProbeException {
        byte[] symbol = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] part = part(name);
        List<String> symbols = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        ElfFunctions functions = file.functions();
        while (functions.next()) {
            if (functions.isNamed(symbol) || part.length > 0 && functions.contains(part)
                    && CppName.of(functions.name()).equals(name)) {
                long offset = file.offsetOf(functions.address());
                // An older version of it may be a function of its own: that would not be what is called today.
                if (functions.isIndirect()) {
                    throw new ProbeException("Cannot probe an indirect function", " (" + name + " in "
                            + library().name() + " only chooses, once, which function is called in its place). Probe"
                            + " that one, or who calls it.");
                }
                if (offset >= 0 && !offsets.contains(offset)) {
                    symbols.add(functions.name());
                    offsets.add(offset);
                }
                if (offsets.size() > FoundProbe.MAX_SITES) {
                    throw new ProbeException("Too many places", " (" + name + " are more than "
                            + FoundProbe.MAX_SITES + " functions in " + library().name()
                            + "). Name one by its symbol: attach-cli probe PID search _Z*PATTERN*.");
                }
            }
        }
        if (offsets.isEmpty()) {
            throw new ProbeException("No such function", " (" + library().name() + " has none of the name " + name
                    + nearest(file, name) + "). Search: attach-cli probe PID search PATTERN.");
        }
        List<FoundSite> found = new ArrayList<>(offsets.size());
        for (int i = 0; i < offsets.size(); i++) {
            found.add(site(file, symbols.get(i), offsets.get(i), greatestArgument));
        }
        return found;
    }

    private FoundSite site(ElfFile file, String symbol, long offset, int greatestArgument)
            throws IOException, ProbeException {
        if (greatestArgument > 0 && CppName.hasOtherArguments(symbol)) {
            throw new ProbeException("An argument cannot be read", " (the compiler has changed those of " + symbol
                    + "). Leave out the condition and value=.");
        }
        List<UsdtArgument> arguments = new ArrayList<>(ProbeSpec.MAX_ARGUMENT);
        for (int i = 0; i < ProbeSpec.MAX_ARGUMENT; i++) {
            arguments.add(UsdtArgument.ofFunction(i, registers));
        }
        return new FoundSite(library().path(), symbol, attachable(file, symbol, offset), 0, arguments);
    }

    /**
     * What the symbol of a C++ function of that name has in it: most symbols can be passed over without making its
     * name. Empty when it is no C++ name.
     */
    private static byte[] part(String name) {
        int colon = name.lastIndexOf(':');
        int from = name.startsWith("~", colon + 1) ? 0 : colon + 1;
        if (from == 0 && colon >= 0) {
            // a destructor has no name of its own in the symbol: its class's
            colon = name.lastIndexOf(':', colon - 2);
            from = colon + 1;
        }
        int end = from;
        while (end < name.length() && (Character.isLetterOrDigit(name.charAt(end)) || name.charAt(end) == '_')) {
            end++;
        }
        return (end == from ? "" : (end - from) + name.substring(from, end)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String nearest(ElfFile file, String name) throws IOException {
        Nearest nearest = new Nearest(name);
        ElfFunctions functions = file.functions();
        while (functions.next()) {
            if (!functions.isIndirect()) {
                nearest.offer(CppName.of(functions.name()));
            }
        }
        return nearest.sentence();
    }
}
