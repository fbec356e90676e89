package io.bpfagent.cli.errors;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, without its name, which some of the JDK's messages consist of. */
public final class IoReason {

    private IoReason() {
    }

    /** In the words of the system where it has some. */
    public static String of(IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failed instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failed instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return failed.getMessage() == null ? failed.toString() : failed.getMessage();
    }
}
