package io.plumbline.inference.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows go to which experts, chosen on the host: the rows' numbers have to be there anyway, to be gathered, and one
 * piece of arithmetic gives every backend the same routes. A row's route depends on its own logits alone.
 */
final class ExpertRouting {
    private final FeedForwardPlan.Experts plan;
    private final float[] logits;

    /**
     * The rows of one expert.
     *
     * @param rows ascending
     * @param factors per row what the expert's output is multiplied by
     */
    @SuppressWarnings("ArrayRecordComponent") // handed to kernels as they are; nobody compares or changes them
    record Group(int expert, int[] rows, float[] factors) {}

    /** One of a row's experts. */
    private record Choice(int expert, double probability) {}

    /** A row and its factor. */
    private record Member(int row, float factor) {}

    /** @param logits [rows, experts], the router's output */
    ExpertRouting(FeedForwardPlan.Experts plan, float[] logits) {
        this.plan = plan;
        this.logits = logits;
    }

    /** Every expert that has a row, ascending: the order in which a row's outputs are added. */
    List<Group> groups() {
        List<List<Member>> members = new ArrayList<>();
        for (int e = 0; e < plan.count(); e++) {
            members.add(new ArrayList<>());
        }
        for (int row = 0; row < rows(); row++) {
            List<Choice> choices = choose(row, probabilities(row));
            double sum = choices.stream().mapToDouble(Choice::probability).sum();
            for (Choice choice : choices) {
                double factor = plan.normalised() ? choice.probability() / sum : choice.probability();
                members.get(choice.expert()).add(new Member(row, (float) factor));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (int e = 0; e < plan.count(); e++) {
            if (!members.get(e).isEmpty()) {
                groups.add(group(e, members.get(e)));
            }
        }
        return groups;
    }

    private static Group group(int expert, List<Member> members) {
        int[] rows = new int[members.size()];
        float[] factors = new float[members.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = members.get(i).row();
            factors[i] = members.get(i).factor();
        }
        return new Group(expert, rows, factors);
    }

    /**
     * The gradients of the logits, the chosen experts being given.
     *
     * @param dFactors [rows, experts], gradients of the factors; of experts that a row does not have they are not read
     * @return [rows, experts]
     */
    float[] logitGradients(float[] dFactors) {
        float[] dLogits = new float[logits.length];
        for (int row = 0; row < rows(); row++) {
            int first = row * plan.count();
            double[] probabilities = probabilities(row);
            List<Choice> choices = choose(row, probabilities);
            double sum = choices.stream().mapToDouble(Choice::probability).sum();
            // Normalised, the factors are the softmax over the chosen experts alone: the others have no part in them.
            double total = plan.normalised() ? sum : 1;
            double along = 0;
            for (Choice choice : choices) {
                along += choice.probability() / total * dFactors[first + choice.expert()];
            }
            for (int e = 0; e < plan.count() && !plan.normalised(); e++) {
                dLogits[first + e] = (float) (-probabilities[e] * along);
            }
            for (Choice choice : choices) {
                int at = first + choice.expert();
                dLogits[at] = (float) (choice.probability() / total * (dFactors[at] - along));
            }
        }
        return dLogits;
    }

    private int rows() {
        return logits.length / plan.count();
    }

    /** Softmax of a row over all experts. */
    private double[] probabilities(int row) {
        int first = row * plan.count();
        double max = Double.NEGATIVE_INFINITY;
        for (int e = 0; e < plan.count(); e++) {
            max = Math.max(max, logits[first + e]);
        }
        double[] exponentials = new double[plan.count()];
        double sum = 0;
        for (int e = 0; e < plan.count(); e++) {
            exponentials[e] = Math.exp(logits[first + e] - max);
            sum += exponentials[e];
        }
        for (int e = 0; e < plan.count(); e++) {
            exponentials[e] /= sum;
        }
        return exponentials;
    }

    /** The likeliest experts of a row, the likeliest first, of equal ones the lower number. */
    private List<Choice> choose(int row, double[] probabilities) {
        int first = row * plan.count();
        List<Choice> choices = new ArrayList<>();
        boolean[] taken = new boolean[plan.count()];
        for (int k = 0; k < plan.used(); k++) {
            int best = -1;
            for (int e = 0; e < plan.count(); e++) {
                if (!taken[e] && (best < 0 || logits[first + e] > logits[first + best])) {
                    best = e;
                }
            }
            taken[best] = true;
            choices.add(new Choice(best, probabilities[best]));
        }
        return choices;
    }
}
