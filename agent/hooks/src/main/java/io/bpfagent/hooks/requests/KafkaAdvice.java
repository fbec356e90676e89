package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Polls;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A poll of Kafka's consumer, by the topics that it reads. */
final class KafkaAdvice {
    private KafkaAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.This Object consumer) {
        int context = Polls.context(consumer);
        if (context < 0) {
            Set<String> topics = new HashSet<>();
            try {
                topics.addAll(((KafkaConsumer<?, ?>) consumer).subscription());
                if (topics.isEmpty()) {
                    for (TopicPartition partition : ((KafkaConsumer<?, ?>) consumer).assignment()) {
                        topics.add(partition.topic());
                    }
                }
            } catch (RuntimeException e) {
                // It is closed, or another thread is in it: the poll says so itself.
                topics.clear();
            }
            context = Polls.named(consumer, topics);
        }
        return Polls.enter(context);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Enter long entry) {
        Entries.leave(entry);
    }

    /** When it is told to read other topics. */
    static final class Change {
        private Change() {}

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object consumer) {
            Polls.forget(consumer);
        }
    }
}
