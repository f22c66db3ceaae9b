package io.plumbline.inference.sampling;

/** A distribution over the few tokens that top-k, top-p or min-p left in play. */
record ListedTokens(Candidates candidates, double total) implements TokenDistribution {
    @Override
    public int size() {
        return candidates.size();
    }

    @Override
    public int token(int index) {
        return candidates.token(index);
    }

    @Override
    public double probability(int index) {
        return candidates.weight(index) / total;
    }

    @Override
    public int at(double u) {
        double target = u * total;
        double cumulative = 0;
        int last = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.weight(i) > 0) {
                last = i;
            }
            cumulative += candidates.weight(i);
            if (cumulative > target) {
                return candidates.token(i);
            }
        }
        return candidates.token(last); // rounding may leave the sum a hair below u
    }
}
