package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The names of users, as this command's machine has them: what {@code ps} shows. */
public final class UserNames {

    private static final Path PASSWORDS = Path.of("/etc/passwd");

    private final Map<Integer, String> names = new HashMap<>();

    /** Those of the password file; others are asked for when they are needed. */
    public UserNames() {
        try {
            for (String line : Files.readAllLines(PASSWORDS, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":");
                if (fields.length > 2 && fields[2].matches("[0-9]{1,9}")) {
                    names.putIfAbsent(Integer.valueOf(fields[2]), fields[0]);
                }
            }
        } catch (IOException none) {
            // A minimal image has none; numbers will do.
        }
    }

    /** The name of a process's user, else the number. */
    public String of(TargetProcess process) {
        String name = names.get(process.uid());
        return name != null ? name : directoryOwner(process);
    }

    /**
     * Users of a network's directory are not in the file; the C library knows them, and Java asks it for files
     * only.
     */
    private static String directoryOwner(TargetProcess process) {
        try {
            Path directory = process.procDirectory();
            if (Integer.valueOf(process.uid()).equals(
                Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                return Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
            }
        } catch (IOException gone) {
            // below
        }
        return Integer.toUnsignedString(process.uid());
    }
}
