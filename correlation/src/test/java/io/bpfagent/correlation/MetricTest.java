package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bpfagent.records.RecordLayouts;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricTest {
    private static URL jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** A host decides which of them is first: a class that needs another one first would fail, or wait for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"Metrics", "Metric", "ThreadState", "ThreadMetric", "EventMetric"})
    void anyOfThemCanBeTheFirstToBeUsed(String first) throws Exception {
        // to load, not to initialize: for where they are
        URL[] jars = {jarOf(Metrics.class), jarOf(RecordLayouts.class)};
        try (URLClassLoader others = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = Class.forName(Metric.class.getPackageName() + "." + first, true, others);
            assertSame(others, type.getClassLoader());
            Class.forName(Metrics.class.getName(), true, others);
        }
    }

    @Test
    void namesAreOfOneMetricEach() {
        assertEquals(ThreadState.ALL.size() + EventMetric.ALL.size() + ThreadMetric.ALL.size(), Metrics.ALL.size());
        for (Metric metric : Metrics.ALL) {
            assertEquals(Optional.of(metric), Metrics.of(metric.metric()));
        }
        assertEquals(Optional.empty(), Metrics.of("parked"));
    }
}
