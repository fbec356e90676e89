package io.bpfagent.hooks.weave;

import java.util.List;
import net.bytebuddy.asm.Advice.OffsetMapping;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * What is woven into some methods of a type.
 *
 * @param methods  which of those that the type declares; abstract and native ones are left out in any case
 * @param advice   a class with methods for {@code @Advice.OnMethodEnter} and {@code @Advice.OnMethodExit}, both with
 *                 {@code suppress = Throwable.class}, in the tier of the hooks
 * @param mappings what further annotations on its parameters stand for, such as {@link ContextNumber}
 */
public record HookAdvice(ElementMatcher<? super MethodDescription> methods, Class<?> advice,
        List<OffsetMapping.Factory<?>> mappings) {
    /** With a copy of the list. */
    public HookAdvice {
        mappings = List.copyOf(mappings);
    }

    /** Without further annotations. */
    public HookAdvice(ElementMatcher<? super MethodDescription> methods, Class<?> advice) {
        this(methods, advice, List.of());
    }
}
