package io.bpfagent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartialSuccessTest {
    private static ExportMetricsServiceResponse.Builder answer(long rejected, String why) {
        return ExportMetricsServiceResponse.newBuilder().setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder().setRejectedDataPoints(rejected).setErrorMessage(why));
    }

    @Test
    void readsWhatTheReceiverSays() {
        assertEquals(new PartialSuccess(23, "too old"), PartialSuccess.of(answer(23, "too old").build().toByteArray()));
        assertEquals(new PartialSuccess(0, "a warning"), PartialSuccess.of(answer(0, "a warning").build()
                .toByteArray()));
        assertEquals(PartialSuccess.ALL, PartialSuccess.of(answer(0, "").build().toByteArray()));
        assertEquals(PartialSuccess.ALL, PartialSuccess.of(new byte[0]));
        assertEquals(PartialSuccess.ALL, PartialSuccess.of(answer(-5, "").build().toByteArray()));
    }

    @Test
    void whatIsNewInTheProtocolIsPassedOver() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1L << 50).addFixed32(3).addFixed64(4)
                        .addLengthDelimited(ByteString.copyFromUtf8("more")).build())
                .build();
        ExportMetricsServiceResponse.Builder answer = answer(7, "x").setUnknownFields(unknown);
        answer.getPartialSuccessBuilder().setUnknownFields(unknown);
        assertEquals(new PartialSuccess(7, "x"), PartialSuccess.of(answer.build().toByteArray()));
    }

    @Test
    void aLongReasonIsCut() {
        assertEquals(200, PartialSuccess.of(answer(1, "y".repeat(10_000)).build().toByteArray()).why().length());
    }

    @Test
    void nonsenseIsNoSuccessInPart() {
        Random random = new Random(23);
        byte[] whole = answer(23, "too old").build().toByteArray();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(40));
            for (int changes = random.nextInt(6); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertTrue(PartialSuccess.of(bytes).rejected() >= 0);
        }
    }
}
