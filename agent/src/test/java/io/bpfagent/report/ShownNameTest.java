package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownNameTest {
    @ParameterizedTest
    @CsvSource({
        "http-nio..-exec-7,http-nio-8080-exec-7,true",
        "http-nio..-exec-7,http-nio-8080-exec-17,false",
        "http-nio..-exec-7,http-nio-exec-7,false", // nobody would have cut that
        "http-nio..,http-nio-8080-exec-7,true",
        "..exec-7,http-nio-8080-exec-7,false",
        "http-nio,http-nio-8080-exec-7,false",
        "ab..ba,ab..ba,false",
        "aba..aba,abaaba,false"})
    void standsForTheNamesThatItMayHaveBeen(String asked, String name, boolean isIt) {
        assertEquals(isIt, ShownName.isOf(asked, name));
    }
}
