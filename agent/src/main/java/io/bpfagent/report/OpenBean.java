package io.bpfagent.report;

import java.util.function.Function;
import java.util.function.Supplier;
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
 * @param <T> what the values are taken from
 */
final class OpenBean<T> implements DynamicMBean {
    private final OpenBeanType<T> type;
    private final MBeanInfo info;
    private final Supplier<T> capture;

    /**
     * A bean.
     *
     * @param info    {@link OpenBeanType#info()}, made once for all beans of the type
     * @param capture gives what the values of one request are taken from
     */
    OpenBean(OpenBeanType<T> type, MBeanInfo info, Supplier<T> capture) {
        this.type = type;
        this.info = info;
        this.capture = capture;
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Function<T, Object> getter = type.getter(name);
        if (getter == null) {
            throw new AttributeNotFoundException("no such attribute: " + name);
        }
        return getter.apply(capture.get());
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        T captured = capture.get();
        AttributeList attributes = new AttributeList(names.length);
        for (String name : names) {
            Function<T, Object> getter = type.getter(name);
            if (getter != null) { // the contract of JMX: what cannot be got is left out
                attributes.add(new Attribute(name, getter.apply(captured)));
            }
        }
        return attributes;
    }

    @Override
    public Object invoke(String name, Object[] parameters, String[] signature) throws ReflectionException {
        Function<T, Object> operation = type.operation(name);
        if (operation == null || parameters != null && parameters.length > 0) {
            throw new ReflectionException(new NoSuchMethodException(name), "no such operation: " + name);
        }
        return operation.apply(capture.get());
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("cannot be set: " + attribute.getName());
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }
}
