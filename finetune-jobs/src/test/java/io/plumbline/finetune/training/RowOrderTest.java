package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
    @Test
    void inFileOrderTheDataBeginAgainWhereTheyEnd() {
        var order = new RowOrder(5, 4, 8, 0, false);
        assertThat(order.steps()).isEqualTo(2);
        assertThat(order.batch(0)).containsExactly(0, 1, 2, 3);
        assertThat(order.batch(1)).containsExactly(4, 0, 1, 2);
    }

    @Test
    void theLastBatchOfWholeEpochsIsSmaller() {
        var order = new RowOrder(5, 4, 10, 0, false);
        assertThat(order.steps()).isEqualTo(3);
        assertThat(order.batch(2)).containsExactly(3, 4);
    }

    @Test
    void everyEpochHasEveryRowOnceInItsOwnOrder() {
        var order = new RowOrder(100, 10, 200, 42, true);
        int[] first = epoch(order, 0);
        int[] second = epoch(order, 10);
        assertThat(Arrays.stream(first).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        assertThat(Arrays.stream(second).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void aBatchDoesNotDependOnTheOnesBefore() {
        var walked = new RowOrder(7, 3, 70, 1, true);
        for (int step = 0; step < 15; step++) {
            assertThat(new RowOrder(7, 3, 70, 1, true).batch(step)).isEqualTo(walked.batch(step));
        }
        assertThat(new RowOrder(7, 3, 70, 2, true).batch(0)).isNotEqualTo(walked.batch(0));
    }

    private static int[] epoch(RowOrder order, int firstStep) {
        return IntStream.range(firstStep, firstStep + 10)
                .flatMap(step -> Arrays.stream(order.batch(step)))
                .toArray();
    }
}
