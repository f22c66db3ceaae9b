package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bound symbol is called with a different value in every place, and the stand-in tells what its C declaration,
 * written apart from our tables, made of it: a wrong type, order or number of arguments cannot pass.
 */
class AbiTest extends StandInTest {
    private static final int STATUS = 424242;
    private static final long POINTER = 0x5eed00005eed0000L;

    AbiTest() {
        super(StandIn.CLASSIC);
    }

    static List<NativeFunction> everyFunction() {
        return Stream.of(
                        FunctionTables.runtime().stream(),
                        FunctionTables.meta().stream(),
                        FunctionTables.operators().stream().map(OperatorSpec::planning),
                        FunctionTables.operators().stream().map(OperatorSpec::launching))
                .flatMap(functions -> functions)
                .toList();
    }

    @BeforeEach
    void onlyTellArguments() {
        standIn.option("canary", 1);
    }

    @AfterEach
    void backToWork() {
        standIn.option("canary", 0);
    }

    @Test
    void theStandInExportsEverythingThatIsBound() {
        assertThat(library().missing()).isEmpty();
        assertThat(library().bound())
                .containsExactlyInAnyOrderElementsOf(
                        everyFunction().stream().map(NativeFunction::name).toList());
    }

    @ParameterizedTest
    @MethodSource("everyFunction")
    void argumentsArriveAsTheyWerePassed(NativeFunction function) {
        for (boolean first : new boolean[] {false, true}) {
            List<Object> arguments = new ArrayList<>();
            StringBuilder expected = new StringBuilder(function.name());
            for (int slot = 0; slot < function.parameters().size(); slot++) {
                Sentinel sentinel = Sentinel.of(function.parameters().get(slot).code(), slot, first);
                arguments.add(sentinel.value());
                expected.append(' ').append(sentinel.text());
            }
            switch (function.result()) {
                case STATUS ->
                    assertThat(library().status(function.name(), arguments.toArray()))
                            .isEqualTo(STATUS);
                case POINTER ->
                    assertThat(library().pointer(function.name(), arguments.toArray()))
                            .isEqualTo(MemorySegment.ofAddress(POINTER));
            }
            assertThat(standIn.lastCall()).isEqualTo(expected.toString());
        }
    }
}
