package io.bpfagent.hooks.weave;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of class loaders of the host: yes or no of each. None is held, and none of their own {@code hashCode}
 * and {@code equals} is called.
 *
 * <p>Any thread.
 */
public final class LoaderAnswers {
    private final Map<Key, Boolean> answers = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

    private static final class Key extends WeakReference<ClassLoader> {
        private final int hash;

        Key(ClassLoader loader, ReferenceQueue<ClassLoader> gone) {
            super(loader, gone);
            hash = System.identityHashCode(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            ClassLoader loader = get();
            return loader != null && other instanceof Key && ((Key) other).get() == loader;
        }
    }

    /** Null if nothing is known. */
    public Boolean of(ClassLoader loader) {
        return answers.get(new Key(loader, null));
    }

    /** From now on this is known. */
    public void put(ClassLoader loader, boolean answer) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            answers.remove(key);
        }
        answers.put(new Key(loader, gone), answer);
    }
}
