package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.kernel.host.PortableLogitPasses;

/**
 * A distribution over every token that may come at all. Only the sums of its rows are known; a draw looks into one row.
 * Who asks for all tokens gets them listed first.
 */
final class WholeVocabulary implements TokenDistribution {
    private final AdjustedLogits logits;
    private final double scale;
    private final double[] rowSums;
    private final Candidates listed;
    private final double total;
    private boolean isListed;

    /**
     * @param rowSums work space, one element for each row of {@link LogitPasses#WEIGHT_ROW} tokens
     * @param listed work space
     */
    WholeVocabulary(AdjustedLogits logits, double scale, double[] rowSums, Candidates listed) {
        this.logits = logits;
        this.scale = scale;
        this.rowSums = rowSums;
        this.listed = listed;
        this.total = logits.rowSums(scale, rowSums);
    }

    private Candidates all() {
        if (!isListed) {
            logits.above(Sampler.EVERY_LOGIT, listed);
            listed.weigh(logits.largest(), scale);
            isListed = true;
        }
        return listed;
    }

    @Override
    public int size() {
        return all().size();
    }

    @Override
    public int token(int index) {
        return all().token(index);
    }

    @Override
    public double probability(int index) {
        return all().weight(index) / total;
    }

    @Override
    public int at(double u) {
        double target = u * total;
        double cumulative = 0;
        int row = 0;
        int last = 0;
        for (; row < rowSums.length && cumulative + rowSums[row] <= target; row++) {
            last = rowSums[row] > 0 ? row : last;
            cumulative += rowSums[row];
        }
        return within(row < rowSums.length ? row : last, target - cumulative); // rounding may leave the sum short of u
    }

    /** The token of a row, some of which has a weight, at which the cumulative weight exceeds the target. */
    private int within(int row, double target) {
        int from = row * LogitPasses.WEIGHT_ROW;
        int end = Math.min(from + LogitPasses.WEIGHT_ROW, logits.vocabulary());
        double cumulative = 0;
        int last = from;
        for (int token = from; token < end; token++) {
            double weight = PortableLogitPasses.weight((logits.logit(token) - logits.largest()) * scale);
            if (weight > 0) {
                last = token;
            }
            cumulative += weight;
            if (cumulative > target) {
                return token;
            }
        }
        return last;
    }
}
