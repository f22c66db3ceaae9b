package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.kernel.Activation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsOfTheLogitsAreTheSlopesOfTheFactors(boolean normalised) {
        float[] logits = {0.3f, -1, 2, 0.9f, 1.1f, 0.2f, -0.4f, 0.8f};
        float[] dFactors = {5, 1, -2, 3, 0.5f, -1, 4, 2};
        var plan = new FeedForwardPlan.Experts(8, Activation.SILU, 4, 2, normalised);
        float[] gradients = new ExpertRouting(plan, logits).logitGradients(dFactors);
        float step = 1e-2f;
        for (int i = 0; i < logits.length; i++) {
            float[] above = logits.clone();
            float[] below = logits.clone();
            above[i] += step;
            below[i] -= step;
            double slope = (weighed(plan, above, dFactors) - weighed(plan, below, dFactors)) / (above[i] - below[i]);
            assertThat((double) gradients[i]).as("logit %d", i).isCloseTo(slope, within(1e-4));
        }
    }

    private static double weighed(FeedForwardPlan.Experts plan, float[] logits, float[] weights) {
        double sum = 0;
        for (ExpertRouting.Group group : new ExpertRouting(plan, logits).groups()) {
            for (int i = 0; i < group.rows().length; i++) {
                sum += (double) group.factors()[i] * weights[group.rows()[i] * plan.count() + group.expert()];
            }
        }
        return sum;
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
