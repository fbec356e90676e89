package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With Kafka's own consumer and no broker: the polls come to nothing. */
@Timeout(60)
class KafkaHookTest {
    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    @Test
    void namesPolls() {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", "127.0.0.1:1",
                "group.id", "hooks"), new StringDeserializer(), new StringDeserializer());
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ofMillis(1)));
        consumer.subscribe(List.of("kafka-orders"));
        for (int i = 0; i < 23; i++) {
            assertTrue(consumer.poll(Duration.ofMillis(5)).isEmpty());
        }
        consumer.unsubscribe();
        consumer.assign(List.of(new TopicPartition("kafka-b", 0), new TopicPartition("kafka-a", 1)));
        consumer.poll(Duration.ofMillis(1));
        consumer.close(Duration.ZERO);
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ofMillis(1)));
        assertEquals("", Woven.path());
        assertEquals(23, woven.entered("poll kafka-orders"));
        // The one that was refused too.
        assertEquals(2, woven.entered("poll kafka-a +1"));
        woven.report("kafka");
    }
}
