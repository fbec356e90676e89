package io.bpfagent.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;

/**
 * What the agent's BPF objects call their programs and variables, read out of the objects in its jar: so none is
 * missing. Both as the kernel has them, 15 characters at most.
 *
 * @param programs of each function in a section of its own, as {@code SEC} makes it
 * @param maps     of each section of variables: libbpf makes a map of it, and binds those that are constant to every
 *                 program of the object, also to one that does not use them
 */
record OurNames(Set<String> programs, Set<String> maps) {
    private static final String OBJECTS = "META-INF/bpf-agent/agent/bpf/";
    private static final String OBJECT = ".bpf.o.gz";
    /** BPF_OBJ_NAME_LEN is 16, with the zero at the end. */
    private static final int MOST = 15;
    /** Of what stands before a map's own name: bpf_object__init_internal_map in libbpf. */
    private static final int OBJECTS_PART = 8;
    // elf(5), of 64 bits and little-endian, as all BPF objects here
    private static final int SECTION_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int SYMBOLS = 2;
    private static final int FUNCTION = 2;
    private static final int TYPE_BITS = 0xf;
    private static final String SUBPROGRAMS = ".text";

    /** Of all objects in the jar that the tests use. */
    static OurNames read() {
        OurNames names = new OurNames(new TreeSet<>(), new TreeSet<>());
        try (JarFile jar = new JarFile(HostJvm.agentJar().toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                String path = entry.getName();
                if (path.startsWith(OBJECTS) && path.endsWith(OBJECT)) {
                    try (InputStream in = new GZIPInputStream(jar.getInputStream(entry))) {
                        String object = path.substring(path.lastIndexOf('/') + 1, path.length() - OBJECT.length());
                        names.add(object, ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (names.programs.isEmpty() || names.maps.isEmpty()) {
            throw new AssertionError("no BPF objects in " + HostJvm.agentJar() + " below " + OBJECTS);
        }
        return names;
    }

    /** As the kernel cuts it; bpftool has some names from BTF, in full. */
    static String cut(String name) {
        return name.substring(0, Math.min(MOST, name.length()));
    }

    boolean isProgram(String name) {
        return programs.contains(cut(name));
    }

    boolean isMap(String name) {
        return maps.contains(cut(name));
    }

    private void add(String object, ByteBuffer elf) {
        int table = Math.toIntExact(elf.getLong(0x28));
        int sections = Short.toUnsignedInt(elf.getShort(0x3c));
        int names = offset(elf, table, Short.toUnsignedInt(elf.getShort(0x3e)));
        for (int i = 0; i < sections; i++) {
            int section = table + i * SECTION_BYTES;
            addMap(object, string(elf, names + elf.getInt(section)));
            if (elf.getInt(section + 4) == SYMBOLS) {
                int strings = offset(elf, table, elf.getInt(section + 40));
                int begin = offset(elf, table, i);
                int end = begin + Math.toIntExact(elf.getLong(section + 32));
                for (int symbol = begin; symbol < end; symbol += SYMBOL_BYTES) {
                    int home = table + Short.toUnsignedInt(elf.getShort(symbol + 6)) * SECTION_BYTES;
                    if ((elf.get(symbol + 4) & TYPE_BITS) == FUNCTION
                            && !string(elf, names + elf.getInt(home)).equals(SUBPROGRAMS)) {
                        programs.add(cut(string(elf, strings + elf.getInt(symbol))));
                    }
                }
            }
        }
    }

    /** A name with a second dot is the map's as it stands, another one gets the object's before it. */
    private void addMap(String object, String section) {
        if (section.matches("\\.(rodata|data|bss)(\\..*)?")) {
            boolean own = section.indexOf('.', 1) > 0;
            maps.add(cut(own ? section : object.substring(0, Math.min(OBJECTS_PART, object.length())) + section));
        }
    }

    private static int offset(ByteBuffer elf, int table, int section) {
        return Math.toIntExact(elf.getLong(table + section * SECTION_BYTES + 24));
    }

    private static String string(ByteBuffer elf, int from) {
        int end = from;
        while (elf.get(end) != 0) {
            end++;
        }
        return new String(elf.array(), from, end - from, StandardCharsets.UTF_8);
    }
}
