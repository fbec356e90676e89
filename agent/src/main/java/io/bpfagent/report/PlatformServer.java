package io.bpfagent.report;

import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** Tells whether the JVM has a platform MBean server, without making one. */
final class PlatformServer {
    /** The JDK registers it there before anybody gets that server, and nobody else does elsewhere. */
    private static final String OF_THE_PLATFORM = "java.lang:type=Runtime";

    private PlatformServer() {
    }

    /**
     * Whether it exists, or is being made by another thread at this moment. As long as there is no MBean
     * server at all this loads four classes of the JDK's once and takes under 1 us.
     */
    static boolean exists() {
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            try {
                if (server.isRegistered(new ObjectName(OF_THE_PLATFORM))) {
                    return true;
                }
            } catch (MalformedObjectNameException e) {
                throw new IllegalStateException(e); // of a constant that is well formed
            } catch (RuntimeException e) {
                // a server that the host has made for itself and that answers not everybody
                continue;
            }
        }
        return false;
    }
}
