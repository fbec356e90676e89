package io.bpfagent.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenType;

/**
 * Declares what beans of one kind have: attributes to read, operations and notifications, all of open
 * types. Made once and shared by all beans of the kind, of which there can be thousands (a bean
 * per pool and metric); that, and columns that follow the states, is why these are not MXBean
 * interfaces. Set up once, then any thread.
 */
final class OpenBeanType {
    private final String className;
    private final String description;
    private final Map<String, OpenMBeanAttributeInfo> attributes = new LinkedHashMap<>();
    private final Map<String, OpenMBeanOperationInfo> operations = new LinkedHashMap<>();
    private final List<MBeanNotificationInfo> notifications = new ArrayList<>();
    private MBeanInfo info;

    OpenBeanType(String className, String description) {
        this.className = className;
        this.description = description;
    }

    OpenBeanType attribute(String name, String text, OpenType<?> type) {
        attributes.put(name, new OpenMBeanAttributeInfoSupport(name, text, type, true, false, false));
        return this;
    }

    /** An operation that tells something and changes nothing. */
    OpenBeanType question(String name, String text, OpenType<?> type) {
        return operation(name, text, type, MBeanOperationInfo.INFO);
    }

    /** The same about what the parameter says. */
    OpenBeanType question(String name, String text, OpenType<?> type, OpenMBeanParameterInfo parameter) {
        return operation(name, text, type, MBeanOperationInfo.INFO, parameter);
    }

    /** An operation that does something. */
    OpenBeanType action(String name, String text, OpenType<?> type) {
        return operation(name, text, type, MBeanOperationInfo.ACTION);
    }

    /** The same with what the parameter says. */
    OpenBeanType action(String name, String text, OpenType<?> type, OpenMBeanParameterInfo parameter) {
        return operation(name, text, type, MBeanOperationInfo.ACTION, parameter);
    }

    private OpenBeanType operation(String name, String text, OpenType<?> type, int impact,
            OpenMBeanParameterInfo... parameters) {
        operations.put(name, new OpenMBeanOperationInfoSupport(name, text, parameters, type, impact));
        return this;
    }

    OpenBeanType notification(MBeanNotificationInfo notification) {
        notifications.add(notification);
        return this;
    }

    /** Ends the set-up. */
    OpenBeanType done() {
        info = new OpenMBeanInfoSupport(className, description,
                attributes.values().toArray(new OpenMBeanAttributeInfo[0]), null,
                operations.values().toArray(new OpenMBeanOperationInfo[0]),
                notifications.isEmpty() ? null : notifications.toArray(new MBeanNotificationInfo[0]));
        return this;
    }

    /** The description that a client sees. */
    MBeanInfo info() {
        return info;
    }

    boolean hasAttribute(String name) {
        return attributes.containsKey(name);
    }

    /** Whether there is one that takes these. */
    boolean hasOperation(String name, Object[] parameters) {
        OpenMBeanOperationInfo operation = operations.get(name);
        if (operation == null || operation.getSignature().length != parameters.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!((OpenMBeanParameterInfo) operation.getSignature()[i]).isValue(parameters[i])) {
                return false;
            }
        }
        return true;
    }

    /** For a name that is declared and has no value: a fault of ours. */
    static IllegalArgumentException unknown(Object name) {
        return new IllegalArgumentException("declared without a value: " + name);
    }
}
