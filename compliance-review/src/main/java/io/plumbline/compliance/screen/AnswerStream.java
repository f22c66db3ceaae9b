package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Detector;
import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.Sentence;
import io.plumbline.compliance.detect.Sentences;
import io.plumbline.compliance.detect.View;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Rewrite;
import java.util.List;
import java.util.Optional;

/**
 * The stream of one answer. Complete sentences are judged and leave; of the sentence that is still growing only what no
 * detector can reach any more. Judgement runs at fixed lengths of the answer, so the outcome, and even how much of a withheld
 * answer had left, depends on the answer alone and not on its pieces.
 */
final class AnswerStream implements StreamScreen {
    /** Judge each time the answer has grown by this many UTF-16 units. */
    private static final int STRIDE = 16;

    private final Pass pass;
    private final Screening screening;
    private final boolean buffers;
    private final Optional<Integer> reach;
    private final StringBuilder text = new StringBuilder();
    private final String allNotices;
    private String notices;
    private int nextCheck = STRIDE;
    private int sentenceStart;
    private int released;
    private boolean finished;

    AnswerStream(Pass pass, List<String> notices) {
        this.pass = pass;
        this.screening = new Screening(pass);
        this.buffers = pass.rules().stream().anyMatch(CompiledRule::buffers);
        this.reach = reach(pass.rules());
        this.allNotices = notices.isEmpty() ? "" : String.join("\n\n", notices) + "\n\n";
        this.notices = allNotices;
        screening.precededBy(allNotices);
    }

    /** The longest reach of the rules; empty if one of them needs whole sentences. */
    private static Optional<Integer> reach(List<CompiledRule> rules) {
        int longest = 0;
        for (CompiledRule rule : rules) {
            boolean before = rule.rule()
                    .rewrite()
                    .filter(rewrite -> rewrite.place() == Rewrite.Place.BEFORE)
                    .isPresent();
            for (Detector detector : rule.triggers()) {
                longest = Math.max(longest, before ? Integer.MAX_VALUE : detector.reach());
            }
        }
        return longest == Integer.MAX_VALUE ? Optional.empty() : Optional.of(longest);
    }

    @Override
    public String push(String piece) {
        if (finished) {
            throw new IllegalStateException("the answer has ended");
        }
        text.append(piece);
        var leaving = new StringBuilder(noticesOnce());
        while (text.length() >= nextCheck) {
            leaving.append(judge(nextCheck));
            nextCheck += STRIDE;
        }
        return leaving.toString();
    }

    private String noticesOnce() {
        String first = screening.withheld() ? "" : notices;
        notices = "";
        return first;
    }

    /** Judges the answer up to {@code length} and returns what may leave now. */
    private String judge(int length) {
        // Half a surrogate pair could still become a mark that belongs to the character before it.
        int limit = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        if (limit <= sentenceStart) {
            return "";
        }
        List<Sentence> sentences = Sentences.of(text.substring(sentenceStart, limit), sentenceStart, false);
        for (Sentence sentence : sentences.subList(0, sentences.size() - 1)) {
            screening.accept(sentence);
        }
        Sentence growing = sentences.getLast();
        sentenceStart = growing.start();
        if (buffers || screening.withheld()) {
            return "";
        }
        int safe = screening.edits().cut(Math.min(screening.openFrom(), settled(growing)));
        if (safe <= released) {
            return "";
        }
        String leaving = screening.edits().apply(text.substring(released, safe), released, safe, released);
        released = safe;
        return leaving;
    }

    /**
     * Index up to which no rule can change its mind about the growing sentence. Twice the reach is held back: a span that
     * is masked later may bring together what stands on both sides of it.
     */
    private int settled(Sentence growing) {
        int hold = reach.map(longest -> 2 * longest + 4).orElse(Integer.MAX_VALUE);
        int length = growing.view(View.EXACT).length();
        if (hold >= length || hold >= growing.text().length()) {
            return growing.start();
        }
        int settled = Math.min(
                growing.rawIndex(View.EXACT, length - hold),
                growing.rawIndex(View.TEXT, growing.text().length() - hold));
        for (CompiledRule rule : pass.rules()) {
            for (Detector detector : rule.triggers()) {
                settled = Math.min(settled, firstMatch(detector, growing));
            }
        }
        return settled;
    }

    private int firstMatch(Detector detector, Sentence growing) {
        try {
            return detector.find(growing, pass.facts()).stream()
                    .mapToInt(Match::start)
                    .min()
                    .orElse(Integer.MAX_VALUE);
        } catch (RuntimeException e) {
            // The detector abstains when the sentence is complete; until then nothing of it leaves.
            return growing.start();
        }
    }

    @Override
    public Screened finish() {
        if (finished) {
            throw new IllegalStateException("the answer has ended");
        }
        finished = true;
        if (sentenceStart < text.length()) {
            Sentences.of(text.substring(sentenceStart), sentenceStart, true).forEach(screening::accept);
        }
        String first = noticesOnce();
        Screened end = screening.end(text.toString(), released);
        String rest = end.withheld() ? "" : first + end.text();
        return new Screened(
                rest,
                end.action(),
                end.verdicts(),
                end.notices(),
                end.message(),
                end.releasable().map(allNotices::concat));
    }

    @Override
    public boolean withheld() {
        return screening.withheld();
    }

    @Override
    public boolean blocked() {
        return screening.blocked();
    }

    @Override
    public boolean buffers() {
        return buffers;
    }
}
