package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CppNameTest {
    @ParameterizedTest
    @CsvSource({
        "_ZN15G1CollectedHeap7collectEN7GCCause5CauseE, G1CollectedHeap::collect",
        "_Z3foov, foo",
        "_ZL3foov, foo",
        "_ZN1AC1Ev, A::A",
        "_ZN1AC2ERKS_, A::A",
        "_ZN1AD0Ev, A::~A",
        "_ZNK1A1bEv, A::b",
        "_ZNKR1A1bEv, A::b",
        "_ZN12_GLOBAL__N_13fooEi, (anonymous)::foo",
        "_ZN13GrowableArrayIP4NodeE6appendERKS1_, GrowableArray<>::append",
        "_ZN13GrowableArrayIiEC2Ev, GrowableArray<>::GrowableArray",
        "_Z3maxIiET_S0_S0_, max<>",
        "_ZSt4moveIiEvT_, std::move<>",
        "_ZNSt6vectorIiSaIiEE9push_backERKi, std::vector<>::push_back",
        "_ZZN1A1fEvEN1B1gEv, A::f::B::g",
        "_ZN3FooB5cxx113barEv, Foo::bar",
        "_ZN1A3fooEv.isra.0, A::foo",
        "_ZN1A3fooEv.constprop.0.isra.0, A::foo",
    })
    void isMadeOfASymbol(String symbol, String name) {
        assertEquals(name, CppName.of(symbol));
    }

    /** Operators, thunks, parts of functions, what refers back, and what is no C++. */
    @ParameterizedTest
    @ValueSource(strings = {"JNI_CreateJavaVM", "_ZN1AeqERKS_", "_ZThn16_N1A3fooEv", "_ZTV1A", "_ZN1A3fooEv.cold",
        "_ZN1A3fooEv.part.0", "_ZNS_3fooEv", "_ZNSsC1Ev", "_Z", "_ZN", "_ZN3fo", "_ZN1AC1Ev_but_not", "", "_", ".",
        "_Z.x", "_ZN99999999999999999999999aE", "_Z0", "_ZN2147483647aE", "a.b"})
    void otherwiseTheSymbolIsTheName(String symbol) {
        String name = CppName.of(symbol);
        assertTrue(name.equals(symbol) || symbol.equals("_ZN1AC1Ev_but_not") && name.equals("A::A"), name);
    }

    /** Of libjvm 17 and 25, with what binutils' c++filt gives, template arguments and parameters left out. */
    @Test
    void agreesWithBinutilsOnRealSymbols() throws Exception {
        List<String> lines;
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                CppNameTest.class.getResourceAsStream("/cpp-names.txt"), StandardCharsets.US_ASCII))) {
            lines = table.lines().toList();
        }
        assertTrue(lines.size() > 250, () -> lines.size() + " lines");
        for (String line : lines) {
            String[] symbolAndName = line.split(" ");
            assertEquals(symbolAndName[1], CppName.of(symbolAndName[0]), symbolAndName[0]);
        }
    }

    @Test
    void knowsWhereTheArgumentsAreOthers() {
        assertTrue(CppName.hasOtherArguments("_ZN1A3fooEv.isra.0"));
        assertTrue(CppName.hasOtherArguments("foo.constprop.3"));
        assertFalse(CppName.hasOtherArguments("_ZN1A3fooEv"));
        assertFalse(CppName.hasOtherArguments("foo.lto_priv.0"));
    }

    /** A file may hold anything: it ends, quickly, and a name has no blank and no "..". */
    @Test
    void anySymbolEnds() {
        String alphabet = "NESIZLTCDKPRFAMJX_0123456789abstvij.";
        Random random = new Random(17);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 200_000; i++) {
                StringBuilder symbol = new StringBuilder("_Z");
                for (int length = random.nextInt(60); length > 0; length--) {
                    symbol.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                assertTrue(CppName.of(symbol.toString()).length() <= 60 * 60, symbol::toString);
            }
            CppName.of("_Z3fooI" + "P".repeat(100_000));
            CppName.of("_Z3fooI" + "N1aI".repeat(50_000));
            CppName.of("_Z" + "ZN1a".repeat(50_000));
            CppName.of("_ZN1AI" + "J".repeat(100_000));
            CppName.of("_ZN1AI" + "L_Z1aI".repeat(50_000));
        });
    }
}
