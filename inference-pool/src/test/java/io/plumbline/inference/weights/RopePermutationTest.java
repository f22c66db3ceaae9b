package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RopePermutationTest {
    @Test
    void interleavesTheTwoHalvesOfEveryHead() {
        float[] twoHeadsOfFour = {0, 1, 2, 3, 10, 11, 12, 13};
        assertThat(RopePermutation.toInterleaved(twoHeadsOfFour, 1, 2)).containsExactly(0, 2, 1, 3, 10, 12, 11, 13);
    }

    @Test
    void movesWholeRows() {
        float[] matrix = {0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f};
        assertThat(RopePermutation.toInterleaved(matrix, 2, 1)).containsExactly(0, 0.5f, 2, 2.5f, 1, 1.5f, 3, 3.5f);
    }

    @Test
    void goesBackToWhereItCameFrom() {
        Random random = new Random(4);
        float[] matrix = new float[3 * 64 * 8];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = random.nextFloat();
        }
        assertThat(RopePermutation.toHalves(RopePermutation.toInterleaved(matrix, 8, 3), 8, 3))
                .isEqualTo(matrix);
    }

    @Test
    void refusesHeadsOfOddSize() {
        assertThatThrownBy(() -> RopePermutation.toHalves(new float[6], 1, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
