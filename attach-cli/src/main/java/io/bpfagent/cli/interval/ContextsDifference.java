package io.bpfagent.cli.interval;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.ContextsDocument.Context;
import io.bpfagent.cli.control.ContextsDocument.Stays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The times of contexts between two looks at them. */
public final class ContextsDifference {

    private static final Stays NONE = new Stays(0, 0, 0);

    private ContextsDifference() {
    }

    /**
     * What was added: all contexts of the later document, with the time between the two. One that the earlier does not
     * know stays as it is. The longest stay is 0: which of them was in between is not known. Losses stay as the later
     * has them, since the agent began.
     *
     * @param earlier of the same agent: with a {@code wallNs} that is not greater
     */
    public static ContextsDocument of(ContextsDocument earlier, ContextsDocument later) {
        Map<String, Context> before = new HashMap<>();
        earlier.contexts().forEach(context -> before.put(context.key(), context));
        List<Context> contexts = new ArrayList<>(later.contexts().size());
        for (Context context : later.contexts()) {
            Context same = before.get(context.key());
            contexts.add(same == null ? context : minus(context, same));
        }
        return new ContextsDocument(later.schema(), true, later.wallNs() - earlier.wallNs(), contexts,
            minus(later.outsideNs(), earlier.outsideNs()), later.reason(), later.losses());
    }

    private static Context minus(Context now, Context before) {
        Map<String, Long> inclusive = minus(now.inclusive(), before.inclusive());
        Map<String, Stays> exclusive = new LinkedHashMap<>();
        now.exclusive().forEach((state, stays) -> {
            Stays earlier = before.exclusive().getOrDefault(state, NONE);
            exclusive.put(state, new Stays(more(stays.ns(), earlier.ns()), more(stays.count(), earlier.count()), 0));
        });
        return new Context(now.name(), now.kind(), more(now.count(), before.count()),
            inclusive.values().stream().mapToLong(Long::longValue).sum(), inclusive, exclusive);
    }

    private static Map<String, Long> minus(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> difference = new LinkedHashMap<>();
        now.forEach((key, value) -> difference.put(key, more(value, before.getOrDefault(key, 0L))));
        return difference;
    }

    /** A stay that is not over yet can be told again as one in another state: then there is nothing to add. */
    private static long more(long now, long before) {
        return Math.max(0, now - before);
    }
}
