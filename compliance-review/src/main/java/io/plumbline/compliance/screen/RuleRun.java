package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Condition;
import io.plumbline.compliance.detect.Detector;
import io.plumbline.compliance.detect.Facts;
import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.Sentence;
import io.plumbline.compliance.detect.Sentences;
import io.plumbline.compliance.detect.Tracker;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Requirement;
import io.plumbline.compliance.rule.Rewrite;
import io.plumbline.compliance.rule.Rule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One rule at work on one text. A detector that throws abstains for the rest of the text. */
final class RuleRun {
    private static final Logger LOG = LoggerFactory.getLogger(RuleRun.class);

    /** A trigger and the name under which its spans are reported. */
    private record Trigger(String detector, Tracker tracker) {}

    private final CompiledRule compiled;
    private final List<Trigger> triggers = new ArrayList<>();
    private final List<Requirement> missing;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Finding> atOnce = new ArrayList<>();
    private boolean armed = true;
    private boolean anyText;
    private int firstHit = Tracker.SETTLED;
    private int firstSentence = Tracker.SETTLED;

    RuleRun(CompiledRule compiled, Facts facts) {
        this.compiled = compiled;
        this.missing = new ArrayList<>(compiled.requirements());
        for (Condition condition : compiled.conditions()) {
            armed &= guarded(condition.id(), () -> condition.holds(facts), false);
        }
        for (Condition condition : armed ? compiled.factTriggers() : List.<Condition>of()) {
            if (guarded(condition.id(), () -> condition.holds(facts), false)) {
                findings.add(Finding.of(rule(), condition.id(), null, 0));
            }
        }
        for (Detector detector : armed && !compiled.decodes() ? compiled.triggers() : List.<Detector>of()) {
            triggers.add(new Trigger(detector.id(), detector.track(facts)));
        }
        if (armed && !facts.dialogue().isBlank()) {
            missing.removeIf(requirement -> requirement.inDialogue()
                    && Sentences.of(facts.dialogue(), 0, true).stream()
                            .anyMatch(sentence -> requirement.phrases().in(sentence.text())));
        }
    }

    Rule rule() {
        return compiled.rule();
    }

    CompiledRule compiled() {
        return compiled;
    }

    /** Words that stand before the text, such as a notice: they satisfy requirements but trigger nothing. */
    void precededBy(Sentence sentence) {
        satisfy(sentence);
    }

    void accept(Sentence sentence) {
        if (!armed) {
            return;
        }
        satisfy(sentence);
        anyText |= !sentence.raw().isBlank();
        for (Iterator<Trigger> all = triggers.iterator(); all.hasNext(); ) {
            Trigger trigger = all.next();
            long start = System.nanoTime();
            int abstentions = atOnce.size();
            List<Match> matches =
                    guarded(trigger.detector(), () -> excused(trigger.tracker().accept(sentence), sentence), List.of());
            if (atOnce.size() > abstentions) {
                all.remove();
            }
            long micros = (System.nanoTime() - start) / 1000;
            matches.forEach(match -> found(trigger.detector(), match, sentence, micros));
        }
    }

    private List<Match> excused(List<Match> matches, Sentence sentence) {
        return matches.stream()
                .filter(match -> compiled.exceptions().stream()
                        .noneMatch(
                                exception -> match.start() >= sentence.start() && exception.excuses(sentence, match)))
                .toList();
    }

    /** Takes a span that another part of the engine judged, such as an encoded run. */
    void found(String detector, Match match, Sentence sentence, long micros) {
        findings.add(Finding.of(rule(), detector, match, micros));
        firstHit = Math.min(firstHit, match.start());
        firstSentence = Math.min(firstSentence, sentence.start());
    }

    private void satisfy(Sentence sentence) {
        if (!missing.isEmpty()) {
            missing.removeIf(requirement -> guarded(
                    "st:" + requirement.name(), () -> requirement.phrases().in(sentence.text()), false));
        }
    }

    private <T> T guarded(String detector, Supplier<T> judgement, T none) {
        try {
            return judgement.get();
        } catch (RuntimeException e) {
            // The message may quote the text, so only the kind of failure is kept.
            String reason = e.getClass().getSimpleName();
            LOG.warn("{}: detector {} abstains: {}", rule().reference(), detector, reason);
            atOnce.add(Finding.abstention(rule(), detector, reason));
            return none;
        }
    }

    /** Findings that are certain now, each once. */
    List<Finding> take() {
        List<Finding> certain = new ArrayList<>(atOnce);
        atOnce.clear();
        if (compiled.requirements().isEmpty()) {
            certain.addAll(findings);
            findings.clear();
        }
        return certain;
    }

    /** At the end of the text: findings that hold because something is missing. */
    List<Finding> end() {
        if (compiled.wholeText() && armed && anyText) {
            String detector =
                    "st:" + (missing.isEmpty() ? "" : missing.getFirst().name());
            findings.add(Finding.of(rule(), detector, null, 0));
        }
        return compiled.requirements().isEmpty() || missing.isEmpty() ? List.of() : List.copyOf(findings);
    }

    /** The requirements that no sentence met so far. */
    List<Requirement> missing() {
        return missing;
    }

    /** Whether it adds words to any text that does not have them. */
    boolean expected() {
        return armed && compiled.wholeText() && rule().rewrite().isPresent() && !missing.isEmpty();
    }

    /** Where a rewriting rule puts its words: the sentence that made it fire first. */
    int insertAt() {
        return firstSentence == Tracker.SETTLED ? 0 : firstSentence;
    }

    /** Index from which nothing may leave yet because of this rule. */
    int openFrom() {
        int open = Tracker.SETTLED;
        for (Trigger trigger : triggers) {
            open = Math.min(open, trigger.tracker().openFrom());
        }
        if (!compiled.requirements().isEmpty() && !missing.isEmpty()) {
            boolean before = rule().rewrite()
                    .filter(rewrite -> rewrite.place() == Rewrite.Place.BEFORE)
                    .isPresent();
            open = Math.min(open, before ? firstSentence : rule().action().withholds() ? firstHit : Tracker.SETTLED);
        }
        return open;
    }
}
