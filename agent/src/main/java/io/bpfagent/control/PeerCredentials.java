package io.bpfagent.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Lets in the user that owns the socket, and root: SO_PEERCRED, see unix(7).
 *
 * <p>The directory's mode (0700) lets in nobody else anyway; this is the second lock. In a runtime
 * without the module jdk.net the first must do.
 */
final class PeerCredentials {
    /** The JDK names a user by the password file, or by number where that does not know it. */
    private static final Set<String> ROOT = Set.of("root", "0");

    private final String owner;

    /** Of the user that owns the given file. */
    PeerCredentials(Path ours) throws IOException {
        owner = Files.getOwner(ours).getName();
    }

    /** Whether the other end may ask. */
    boolean allow(SocketChannel client) {
        try {
            UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
            String user = peer.user().getName();
            return user.equals(owner) || ROOT.contains(user);
        } catch (LinkageError | UnsupportedOperationException e) {
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
