package io.bpfagent.report;

import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;

/**
 * A bean of an {@link OpenBeanType}. Clients call it on their own threads, many at a time; it reads
 * immutable snapshots only. All attributes of one request come from one capture, so that they belong
 * together.
 *
 * <p>Values are found by a switch over the name: a lambda for each attribute would be a class for each,
 * some 6 KiB of the host's memory.
 *
 * @param <T> what the values of one request are taken from
 */
abstract class OpenBean<T> implements DynamicMBean {
    private final OpenBeanType type;

    /** A bean of this type, which all beans of the kind share. */
    OpenBean(OpenBeanType type) {
        this.type = type;
    }

    /** Gives what the values of one request are taken from. */
    abstract T capture();

    /** The value of an attribute of the type. */
    abstract Object attribute(T captured, String name);

    /** Runs an operation of the type with parameters of its types; null where it gives nothing. */
    abstract Object operation(T captured, String name, Object[] parameters);

    @Override
    public final Object getAttribute(String name) throws AttributeNotFoundException {
        if (!type.hasAttribute(name)) {
            throw new AttributeNotFoundException("no such attribute: " + name);
        }
        return attribute(capture(), name);
    }

    @Override
    public final AttributeList getAttributes(String[] names) {
        T captured = capture();
        AttributeList attributes = new AttributeList(names.length);
        for (String name : names) {
            if (type.hasAttribute(name)) { // the contract of JMX: what cannot be got is left out
                attributes.add(new Attribute(name, attribute(captured, name)));
            }
        }
        return attributes;
    }

    @Override
    public final Object invoke(String name, Object[] parameters, String[] signature) throws ReflectionException {
        Object[] given = parameters == null ? new Object[0] : parameters;
        if (!type.hasOperation(name, given)) {
            throw new ReflectionException(new NoSuchMethodException(name), "no such operation: " + name);
        }
        return operation(capture(), name, given);
    }

    @Override
    public final void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("cannot be set: " + attribute.getName());
    }

    @Override
    public final AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public final MBeanInfo getMBeanInfo() {
        return type.info();
    }
}
