package io.bpfagent.hooks.weave;

import io.bpfagent.boot.ContextRuntime;
import java.util.function.Function;
import net.bytebuddy.asm.Advice.ArgumentHandler;
import net.bytebuddy.asm.Advice.OffsetMapping;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * What {@link ContextNumber} stands for: the context of the name that a method is given here, looked up once, when the
 * method is woven.
 *
 * @param kind  {@link ContextRuntime#METHOD} and so on
 * @param names the name for a method
 */
public record MethodContexts(int kind, Function<MethodDescription, String> names)
        implements OffsetMapping.Factory<ContextNumber>, OffsetMapping {
    @Override
    public Class<ContextNumber> getAnnotationType() {
        return ContextNumber.class;
    }

    @Override
    public OffsetMapping make(ParameterDescription.InDefinedShape target,
            AnnotationDescription.Loadable<ContextNumber> annotation, AdviceType adviceType) {
        return this;
    }

    @Override
    public Target resolve(TypeDescription type, MethodDescription method, Assigner assigner,
            ArgumentHandler arguments, Sort sort) {
        Integer number = ContextRuntime.context(kind, names.apply(method));
        return Target.ForStackManipulation.of(number);
    }
}
