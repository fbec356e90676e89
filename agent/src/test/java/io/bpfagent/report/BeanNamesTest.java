package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.ThreadState;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeanNamesTest {
    @Test
    void leavesPlainNamesAsTheyAre() {
        assertEquals("io.bpfagent:type=Latency,metric=runnable,pool=http-nio-#-exec-#",
                BeanNames.latency(ThreadState.RUNNABLE, "http-nio-#-exec-#").toString());
        assertEquals("io.bpfagent:type=Latency,metric=gc_pause", BeanNames.latency(EventMetric.GC_PAUSE).toString());
        assertEquals("io.bpfagent:type=Latency,metric=vm_operation,operation=G1CollectForAllocation",
                BeanNames.operation(EventMetric.VM_OPERATION, "G1CollectForAllocation").toString());
        assertEquals("io.bpfagent:type=Latency,metric=vm_operation,operation=\"a,b\"",
                BeanNames.operation(EventMetric.VM_OPERATION, "a,b").toString());
        assertEquals("G1 Conc#", BeanNames.quoted("G1 Conc#"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b", "a=b", "a:b", "a\"b", "a*", "a?", "a\nb", "\"", "\\", "a\\*", " ", "\u00fc",
            "pool-#"})
    void takesEveryName(String pool) {
        ObjectName name = BeanNames.latency(ThreadState.RUNNING, pool);
        assertFalse(name.isPattern());
        String value = name.getKeyProperty("pool");
        assertEquals(pool, value.startsWith("\"") ? ObjectName.unquote(value) : value);
    }
}
