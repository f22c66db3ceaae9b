package io.plumbline.inference.bench;

import io.plumbline.inference.tokenizer.Tokenizer;
import java.util.HashMap;
import java.util.Map;

/** Prompts of exact lengths, the same in every run. */
final class BenchPrompts {
    private static final int STEP = 7;
    /** A prime that walks through the vocabulary. */
    private static final long STRIDE = 7919;

    private static final String TEXT = """
            The pump in hall three stopped at night because its bearing ran dry, and the shift leader wrote down what \
            he saw before anybody touched it. A good report names the place, the time and the part, says what was \
            done first and what was found, and leaves guesses for the end. In the morning the fitter compared the \
            temperature curve with that of the week before. It had risen slowly for three days, then fast within an \
            hour. The alarm had been set too high after the last repair, so nobody was called. They replaced the \
            bearing, cleaned the filter, corrected the alarm and ran the pump empty for ten minutes. The doctor in \
            the clinic next door keeps her notes in the same way: complaint, history, findings, plan. Readers who \
            come later know where to look, and nothing that matters hides in a long sentence. The bank across the \
            street learned it the hard way, when an auditor asked who had approved a transfer and why.""";

    private final int vocabulary;
    private final int[] prefix;
    private final int[] text;
    private final Map<Integer, Double> neverEnd = new HashMap<>();

    BenchPrompts(Tokenizer tokenizer, int vocabulary) {
        this.vocabulary = vocabulary;
        int[] empty = tokenizer.encode("", false, true);
        this.prefix = empty.length == 0 ? empty : new int[] {empty[0]};
        this.text = tokenizer.encode(TEXT, false, false);
        for (int token = 0; token < Math.min(tokenizer.size(), vocabulary); token++) {
            if (tokenizer.isEndOfGeneration(token)) {
                neverEnd.put(token, -1e4);
            }
        }
    }

    /** Ordinary English for one of several streams. */
    int[] text(int stream, int length) {
        int[] prompt = new int[length];
        System.arraycopy(prefix, 0, prompt, 0, prefix.length);
        for (int i = prefix.length; i < length; i++) {
            prompt[i] = text[(stream * STEP + i) % text.length];
        }
        return prompt;
    }

    /** Tokens from all over the vocabulary; no two salts share a prefix. */
    int[] noise(int salt, int length) {
        int[] prompt = new int[length];
        for (int i = 0; i < length; i++) {
            prompt[i] = (int) (Math.floorMod((i + 1L) * STRIDE + salt * 104_729L, vocabulary - 10L) + 5);
        }
        return prompt;
    }

    /** Biases under which an answer goes on until its limit. */
    Map<Integer, Double> neverEnd() {
        return neverEnd;
    }
}
