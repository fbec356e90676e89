package io.bpfagent.otlp;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Locale;

/** What metrics and their labels are called: as in Prometheus' export, but for dots between the parts of a name. */
final class Names {
    /** What all names of metrics begin with. */
    static final String PREFIX = "bpfagent.";

    static final AttributeKey<String> POOL = AttributeKey.stringKey("pool");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
    static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
    static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("operation");
    static final AttributeKey<String> SYSCALL = AttributeKey.stringKey("syscall");
    static final AttributeKey<String> WHO = AttributeKey.stringKey("who");
    static final AttributeKey<String> WHAT = AttributeKey.stringKey("what");
    static final AttributeKey<String> PART = AttributeKey.stringKey("part");
    static final AttributeKey<String> CONTEXT = AttributeKey.stringKey("context");
    static final AttributeKey<String> DISK = AttributeKey.stringKey("disk");
    static final AttributeKey<String> USER = AttributeKey.stringKey("user");
    static final AttributeKey<String> REMOTE = AttributeKey.stringKey("remote");
    static final AttributeKey<String> DIRECTION = AttributeKey.stringKey("direction");
    static final AttributeKey<String> PROBE = AttributeKey.stringKey("probe");
    static final AttributeKey<String> COUNTER = AttributeKey.stringKey("counter");
    static final AttributeKey<String> VERSION = AttributeKey.stringKey("version");

    private Names() {
    }

    /** The constant of a closed set as a label. */
    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
