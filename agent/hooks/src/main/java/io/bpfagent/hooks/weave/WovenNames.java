package io.bpfagent.hooks.weave;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which classes are woven, by name and by which hooks. A class is not held, nor its loader: two of the same name are
 * one here, and both are woven anew when one of them has to be. So what is woven into one of them stays here until a
 * hook has gone from all, and the name for ever: some classes may keep what the JVM refused to take out.
 *
 * <p>Any thread; {@link #clear} while nobody weaves what it clears.
 */
final class WovenNames {
    /** By name, a bit for each hook's number; 0 where all have gone. */
    private final Map<String, Long> hooks = new ConcurrentHashMap<>();

    /** A class of this name is woven by these, whatever others are. */
    void add(String className, long numbers) {
        Long before = hooks.putIfAbsent(className, numbers);
        while (before != null && !hooks.replace(className, before, before | numbers)) {
            before = hooks.get(className);
        }
    }

    /** These hooks are woven in nowhere any more. */
    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // of a ConcurrentHashMap, and no entry comes or goes
    void clear(long numbers) {
        for (Map.Entry<String, Long> one : hooks.entrySet()) {
            Long before = one.getValue();
            while (!hooks.replace(one.getKey(), before, before & ~numbers)) {
                before = hooks.get(one.getKey());
            }
        }
    }

    /** Whether one of the hooks is woven into a class of this name. */
    boolean has(String className, long numbers) {
        Long woven = hooks.get(className);
        return woven != null && (woven & numbers) != 0;
    }

    /** Whether a class of this name was ever woven. */
    boolean had(String className) {
        return hooks.containsKey(className);
    }

    /** How many classes a hook is woven into. */
    int count(int number) {
        int count = 0;
        for (long numbers : hooks.values()) {
            count += (int) (numbers >>> number & 1);
        }
        return count;
    }
}
