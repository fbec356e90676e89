package io.bpfagent.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.management.MBeanOperationInfo;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenType;

/**
 * Declares what beans of one kind have: attributes to read and operations without parameters, all of
 * open types. Made once and shared by all beans of the kind, of which there can be thousands (a bean
 * per pool and metric); that, and columns that follow the states, is why these are not MXBean
 * interfaces.
 *
 * @param <T> what a bean's values are taken from, captured anew for each request
 */
final class OpenBeanType<T> {
    private final String className;
    private final String description;
    private final Map<String, Function<T, Object>> getters = new LinkedHashMap<>();
    private final Map<String, Function<T, Object>> operations = new LinkedHashMap<>();
    private final Map<String, OpenMBeanAttributeInfo> attributeInfos = new LinkedHashMap<>();
    private final Map<String, OpenMBeanOperationInfo> operationInfos = new LinkedHashMap<>();

    OpenBeanType(String className, String description) {
        this.className = className;
        this.description = description;
    }

    OpenBeanType<T> attribute(String name, String text, OpenType<?> type, Function<T, Object> getter) {
        getters.put(name, getter);
        attributeInfos.put(name, new OpenMBeanAttributeInfoSupport(name, text, type, true, false, false));
        return this;
    }

    /** An operation that tells something and changes nothing. */
    OpenBeanType<T> question(String name, String text, OpenType<?> type, Function<T, Object> answer) {
        return operation(name, text, type, MBeanOperationInfo.INFO, answer);
    }

    /** An operation that does something. */
    OpenBeanType<T> action(String name, String text, OpenType<?> type, Function<T, Object> action) {
        return operation(name, text, type, MBeanOperationInfo.ACTION, action);
    }

    private OpenBeanType<T> operation(String name, String text, OpenType<?> type, int impact,
            Function<T, Object> function) {
        operations.put(name, function);
        operationInfos.put(name,
                new OpenMBeanOperationInfoSupport(name, text, new OpenMBeanParameterInfo[0], type, impact));
        return this;
    }

    /** The description that a client sees. */
    OpenMBeanInfoSupport info() {
        return new OpenMBeanInfoSupport(className, description,
                attributeInfos.values().toArray(new OpenMBeanAttributeInfo[0]), null,
                operationInfos.values().toArray(new OpenMBeanOperationInfo[0]), null);
    }

    /** How to get the named attribute, or null. */
    Function<T, Object> getter(String name) {
        return getters.get(name);
    }

    /** How to run the named operation, or null. */
    Function<T, Object> operation(String name) {
        return operations.get(name);
    }
}
