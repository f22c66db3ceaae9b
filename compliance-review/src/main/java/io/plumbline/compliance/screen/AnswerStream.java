package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Detector;
import io.plumbline.compliance.detect.JsonEscapes;
import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.Sentence;
import io.plumbline.compliance.detect.Sentences;
import io.plumbline.compliance.detect.View;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Rewrite;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private final List<Notice> given;
    private final String allNotices;
    private String notices;
    private int nextCheck = STRIDE;
    private int sentenceStart;
    private int released;
    private boolean finished;

    AnswerStream(Pass pass, List<Notice> notices) {
        this.pass = pass;
        this.screening = new Screening(pass);
        this.buffers = pass.rules().stream().anyMatch(CompiledRule::buffers);
        this.reach = reach(pass.rules());
        this.given = List.copyOf(notices);
        this.allNotices = given.stream().map(notice -> notice.text() + "\n\n").collect(Collectors.joining());
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
        // Whether an answer that may call tools begins with words is known with its first stride.
        var leaving = new StringBuilder(pass.form() == TextForm.CALLS ? "" : noticesOnce());
        while (text.length() >= nextCheck) {
            leaving.append(judge(nextCheck));
            nextCheck += STRIDE;
        }
        return leaving.toString();
    }

    private String noticesOnce() {
        String first = screening.withheld() || noticesStandBeside() ? "" : notices;
        notices = "";
        return first;
    }

    /** Whether there are no words for people at the beginning, before which a notice could stand. */
    private boolean noticesStandBeside() {
        return pass.form().fixedFrom(text) == 0;
    }

    /** Judges the answer up to {@code length} and returns what may leave now. */
    private String judge(int length) {
        // Half a surrogate pair could still become a mark that belongs to the character before it.
        int limit = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        int jsonFrom = pass.form().jsonFrom(text, limit);
        limit = JsonEscapes.whole(text, Math.max(jsonFrom, sentenceStart), limit);
        if (limit <= sentenceStart) {
            return "";
        }
        screening.read(text, limit);
        List<Sentence> sentences = sentences(limit, false);
        for (Sentence sentence : sentences.subList(0, sentences.size() - 1)) {
            screening.accept(sentence);
        }
        Sentence growing = sentences.getLast();
        sentenceStart = growing.start();
        if (buffers || screening.withheld()) {
            return "";
        }
        int safe = screening.cut(Math.min(screening.openFrom(), settled(growing)));
        if (safe <= released) {
            return "";
        }
        String leaving = noticesOnce() + screening.masked(text, released, safe);
        released = safe;
        return leaving;
    }

    private List<Sentence> sentences(int limit, boolean last) {
        String part = text.substring(sentenceStart, limit);
        int jsonFrom = pass.form().jsonFrom(text, limit);
        return Sentences.of(part, sentenceStart, last, Math.max(0, jsonFrom - sentenceStart));
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
            screening.read(text, text.length());
            sentences(text.length(), true).forEach(screening::accept);
        }
        String first = noticesOnce();
        Screened end = screening.end(text.toString(), released);
        String rest = end.withheld() ? "" : first + end.text();
        String prefix = noticesStandBeside() ? "" : allNotices;
        return new Screened(
                rest,
                end.action(),
                end.verdicts(),
                beside(end),
                end.message(),
                end.releasable().map(prefix::concat));
    }

    /** What is told beside the answer; where nothing of it is released, nothing is. */
    private List<Notice> beside(Screened end) {
        boolean blocked = end.withheld() && !end.held();
        if (blocked || !noticesStandBeside()) {
            return blocked ? List.of() : end.notices();
        }
        return Stream.concat(given.stream(), end.notices().stream()).toList();
    }

    @Override
    public List<String> announced() {
        if (!noticesStandBeside()) {
            return List.of();
        }
        return Stream.concat(given.stream().map(Notice::rule), screening.expected().stream())
                .distinct()
                .toList();
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
