package io.bpfagent.hooks.weave;

import io.bpfagent.boot.ContextRuntime;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.OffsetMapping;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.pool.TypePool;

/**
 * Makes a class file with advice out of one without: methods' code changes, and nothing else.
 *
 * <p>Any thread, several at once. Holds nothing of the host.
 */
final class ClassWeaver {
    private final ByteBuddy byteBuddy = new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(Implementation.Context.Disabled.Factory.INSTANCE);
    /** The hooks' own classes: read as files, so that what they name of the host's need not be here. */
    private final ClassFileLocator adviceFiles;
    private final TypePool adviceTypes;

    /** @param jdkFiles where the JDK's own classes are read, which the hooks' name */
    ClassWeaver(ClassFileLocator jdkFiles) {
        adviceFiles = new ClassFileLocator.Compound(jdkFiles,
                ClassFileLocator.ForClassLoader.of(ClassWeaver.class.getClassLoader()));
        adviceTypes = new TypePool.Default(new TypePool.CacheProvider.Simple(), adviceFiles,
                TypePool.Default.ReaderMode.EXTENDED);
    }

    /** What one hook weaves in. */
    record Part(int hookNumber, List<HookAdvice> advice) {}

    /**
     * Weaves.
     *
     * @param type  as {@code types} has read it from its class file
     * @param files where that is, and those of its supertypes are
     */
    byte[] weave(TypeDescription type, ClassFileLocator files, TypePool types, List<Part> parts) {
        DynamicType.Builder<?> builder = byteBuddy.decorate(type, files);
        for (Part part : parts) {
            for (HookAdvice advice : part.advice()) {
                builder = builder.visit(prepared(part.hookNumber(), advice).on(advice.methods()));
            }
        }
        return builder.make(TypeResolutionStrategy.Disabled.INSTANCE, types).getBytes();
    }

    private Advice prepared(int hookNumber, HookAdvice advice) {
        Advice.WithCustomMapping mapping = Advice.withCustomMapping();
        for (OffsetMapping.Factory<?> factory : advice.mappings()) {
            mapping = mapping.bind(factory);
        }
        return mapping.to(adviceTypes.describe(advice.advice().getName()).resolve(), adviceFiles)
                .withExceptionHandler(new CountFailure(hookNumber));
    }

    /** What becomes of an exception that advice has thrown: it is on the stack, and is counted. */
    private static final class CountFailure extends StackManipulation.AbstractBase {
        private static final String RUNTIME = Type.getInternalName(ContextRuntime.class);
        private static final String METHOD = "hookFailed";
        private static final String DESCRIPTOR =
                Type.getMethodDescriptor(Type.VOID_TYPE, Type.INT_TYPE, Type.getType(Throwable.class));
        /** The number comes on top of the exception, and both are gone afterwards. */
        private static final StackManipulation.Size SIZE = new StackManipulation.Size(-1, 1);

        private final int hookNumber;

        CountFailure(int hookNumber) {
            this.hookNumber = hookNumber;
        }

        @Override
        public Size apply(MethodVisitor code, Implementation.Context context) {
            code.visitIntInsn(Opcodes.SIPUSH, hookNumber);
            code.visitInsn(Opcodes.SWAP);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, RUNTIME, METHOD, DESCRIPTOR, false);
            return SIZE;
        }
    }
}
