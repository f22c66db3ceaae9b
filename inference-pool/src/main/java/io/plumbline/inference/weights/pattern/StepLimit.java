package io.plumbline.inference.weights.pattern;

/** How much evaluating the expressions of one adapter may cost, so that none can hold up whoever reads it. */
public final class StepLimit {
    private long left;

    /** @param steps a step is one visit of one part of an expression, whatever the name */
    public StepLimit(long steps) {
        this.left = steps;
    }

    /** @param source the expression that takes the step */
    void take(String source) {
        if (left-- <= 0) {
            throw new InvalidPatternException(source, "takes too long to evaluate");
        }
    }
}
