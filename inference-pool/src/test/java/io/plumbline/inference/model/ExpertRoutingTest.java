package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.inference.kernel.Activation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpertRoutingTest {
    /** e^logit of the three experts: 1, 2, 5 and 6, 2, 2. */
    private static final float[] LOGITS = {
        0, (float) Math.log(2), (float) Math.log(5), (float) Math.log(6), (float) Math.log(2), (float) Math.log(2)
    };

    @Test
    void factorsAreTheSoftmaxOverAllExperts() {
        List<ExpertRouting.Group> groups = groups(2, false, LOGITS);
        assertThat(groups).extracting(ExpertRouting.Group::expert).containsExactly(0, 1, 2);
        check(groups.get(0), new int[] {1}, 0.6f);
        check(groups.get(1), new int[] {0, 1}, 0.25f, 0.2f);
        check(groups.get(2), new int[] {0}, 0.625f);
    }

    @Test
    void normalisedFactorsOfARowAddUpToOne() {
        List<ExpertRouting.Group> groups = groups(2, true, LOGITS);
        check(groups.get(0), new int[] {1}, 0.75f);
        check(groups.get(1), new int[] {0, 1}, 2 / 7f, 0.25f);
        check(groups.get(2), new int[] {0}, 5 / 7f);
    }

    @Test
    void ofEqualExpertsTheLowerNumberIsChosenAndIdleOnesAreLeftOut() {
        List<ExpertRouting.Group> groups = groups(1, true, new float[] {3, 3, 3, -1, 2, 2});
        assertThat(groups).extracting(ExpertRouting.Group::expert).containsExactly(0, 1);
        check(groups.get(0), new int[] {0}, 1);
        check(groups.get(1), new int[] {1}, 1);
    }

    @Test
    void aRowGoesItsWayWhateverElseIsInTheBatch() {
        List<ExpertRouting.Group> alone = groups(2, false, Arrays.copyOfRange(LOGITS, 3, 6));
        check(alone.get(0), new int[] {0}, 0.6f);
        check(alone.get(1), new int[] {0}, 0.2f);
    }

    @Test
    void brokenLogitsStillChooseAsManyExperts() {
        List<ExpertRouting.Group> groups = groups(2, true, new float[] {Float.NaN, Float.NaN, Float.NaN});
        assertThat(groups).hasSize(2);
        assertThat(groups.getFirst().factors()[0]).isNaN();
    }

    @Test
    void moreExpertsInUseThanThereAreCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeedForwardPlan.Experts(8, Activation.SILU, 2, 3, true))
                .withMessageContaining("3 of 2");
    }

    private static List<ExpertRouting.Group> groups(int used, boolean normalised, float[] logits) {
        return new ExpertRouting(new FeedForwardPlan.Experts(8, Activation.SILU, 3, used, normalised), logits).groups();
    }

    private static void check(ExpertRouting.Group group, int[] rows, float... factors) {
        assertThat(group.rows()).containsExactly(rows);
        assertThat(group.factors()).usingComparatorWithPrecision(1e-6f).containsExactly(factors);
    }
}
