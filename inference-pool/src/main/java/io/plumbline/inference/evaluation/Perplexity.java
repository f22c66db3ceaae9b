package io.plumbline.inference.evaluation;

import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.util.Arrays;

/**
 * How well a model predicts a text: e to the mean negative log-likelihood of its tokens. The text is cut into windows
 * that know nothing of each other and begin with the begin-of-text token where the model wants one; the first token of a
 * window is given, every other one is predicted from those before it. Only figures of the same text, window and tokenizer
 * compare.
 *
 * @param value the perplexity
 * @param tokens tokens predicted
 * @param window most tokens that a prediction sees
 */
public record Perplexity(double value, int tokens, int window) {
    private static final int WINDOW = 512;

    /**
     * Measures a model.
     *
     * @param text at least two tokens of it
     * @throws IllegalArgumentException if the text is shorter
     * @throws BrokenModelFileException if the model answers with something else than numbers
     */
    public static Perplexity measure(LoadedModel model, Tokenizer tokenizer, String text) {
        int[] tokens = tokenizer.encode(text, false, false);
        int window = Math.min(WINDOW, model.plan().contextLength());
        if (tokens.length < 2 || window < 2) {
            throw new IllegalArgumentException("the text has fewer than two tokens; choose a longer one");
        }
        int[] start = start(tokenizer);
        double sum = 0;
        int predicted = 0;
        for (int first = 0; first < tokens.length; first += window - start.length) {
            int last = Math.min(first + window - start.length, tokens.length);
            int[] part = Arrays.copyOf(start, start.length + last - first);
            System.arraycopy(tokens, first, part, start.length, last - first);
            sum += logLikelihood(model, part);
            predicted += part.length - 1;
        }
        double value = Math.exp(-sum / predicted);
        if (Double.isNaN(value)) {
            throw new BrokenModelFileException(
                    model.file().path(),
                    -1,
                    "the model answers with values that are no numbers",
                    "Its weights are damaged; download or convert it again.");
        }
        return new Perplexity(value, predicted, window);
    }

    /** What the model wants in front of a text. */
    private static int[] start(Tokenizer tokenizer) {
        int[] framed = tokenizer.encode("a", false, true);
        boolean begins =
                tokenizer.bos().isPresent() && framed[0] == tokenizer.bos().getAsInt();
        return begins ? new int[] {framed[0]} : new int[0];
    }

    /** Of all tokens but the first. */
    private static double logLikelihood(LoadedModel model, int[] tokens) {
        double[] sum = {0};
        try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
            sequence.append(tokens, (position, logits) -> {
                if (position + 1 < tokens.length) {
                    sum[0] += logLikelihood(logits, tokens[position + 1]);
                }
            });
        }
        return sum[0];
    }

    private static double logLikelihood(float[] logits, int token) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return logits[token] - largest - Math.log(sum);
    }
}
