package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Decoded;
import io.plumbline.compliance.detect.EncodedRuns;
import io.plumbline.compliance.detect.JsonEscapes;
import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.Sentence;
import io.plumbline.compliance.detect.Sentences;
import io.plumbline.compliance.detect.Tracker;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Domain;
import io.plumbline.compliance.rule.Requirement;
import io.plumbline.compliance.rule.Rewrite;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Screens one text, sentence by sentence. A sentence is the largest thing a detector sees, so a whole text and a stream of
 * it run through the same judgement; only what spans sentences (a block, a missing requirement) is carried along.
 */
final class Screening {
    private static final Screened.Message HELD = new Screened.Message(
            "此内容须由人工审核后方可发布；在审核完成之前不予放行。", "A person must decide on this content; it is not released until then.");

    private final Pass pass;
    private final List<RuleRun> runs;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Edits edits = new Edits();
    private final JsonTokens tokens;
    private int jsonFrom = JsonEscapes.NONE;
    private final StringBuilder after = new StringBuilder();
    private boolean withheld;
    private boolean blocked;

    Screening(Pass pass) {
        this.pass = pass;
        this.tokens = new JsonTokens(pass.form());
        this.runs = pass.rules().stream()
                .map(rule -> new RuleRun(rule, pass.facts()))
                .toList();
        collect();
    }

    void precededBy(String words) {
        Sentences.of(words, 0, true).forEach(sentence -> runs.forEach(run -> run.precededBy(sentence)));
    }

    /** Sees the text, without judging it; always ahead of {@link #accept}. */
    void read(CharSequence text, int to) {
        jsonFrom = pass.form().jsonFrom(text, to);
        tokens.read(text, jsonFrom, to);
    }

    /** The largest index up to {@code limit} at which the text may be cut as far as masks and its form go. */
    int cut(int limit) {
        return edits.cut(tokens.cut(limit));
    }

    /** Judges the next complete sentence. */
    void accept(Sentence sentence) {
        for (RuleRun run : runs) {
            run.accept(sentence);
            if (run.compiled().decodes()) {
                openEncoded(run, sentence);
            }
        }
        if (collect() && !blocked) {
            again(sentence);
        }
    }

    /** Whether nothing more may be released. */
    boolean withheld() {
        return withheld;
    }

    /** Whether no person may release it either. */
    boolean blocked() {
        return blocked;
    }

    /** What stands in a part of the text that {@link #cut} allows, with its masks. */
    String masked(CharSequence text, int from, int to) {
        return edits.apply(text.subSequence(from, to).toString(), from, to, from);
    }

    /** Rules that add words to any text that does not have them. */
    List<String> expected() {
        return runs.stream()
                .filter(RuleRun::expected)
                .map(run -> run.rule().reference())
                .toList();
    }

    /** Index from which nothing may leave yet. */
    int openFrom() {
        int open = Tracker.SETTLED;
        for (RuleRun run : runs) {
            open = Math.min(open, run.openFrom());
        }
        return open;
    }

    /** Takes what the rules found so far; returns whether something was masked. */
    private boolean collect() {
        boolean masked = false;
        for (RuleRun run : runs) {
            for (Finding finding : run.take()) {
                masked |= record(finding);
            }
        }
        return masked;
    }

    private boolean record(Finding finding) {
        findings.add(finding);
        withheld |= finding.action().withholds();
        blocked |= finding.action() == Action.BLOCK;
        var span = finding.span();
        if (finding.action() == Action.REDACT && span != null) {
            String mask = finding.rule().mask();
            tokens.masks(span.start(), span.end(), mask.isEmpty() ? "" : "[REDACTED:" + mask + "]")
                    .forEach(part -> edits.mask(part.start(), part.end(), part.text()));
            return true;
        }
        return false;
    }

    private void openEncoded(RuleRun run, Sentence sentence) {
        long start = System.nanoTime();
        for (Decoded decoded : EncodedRuns.in(sentence)) {
            if (breaksRule(decoded.text())) {
                run.found("rx:encoded-payload", decoded.source(), sentence, (System.nanoTime() - start) / 1000);
            }
        }
    }

    /** Whether a text, taken for itself, would be withheld or masked. */
    private boolean breaksRule(String text) {
        var inner = new Screening(pass.shallow());
        for (Sentence sentence : Sentences.of(text, 0, true)) {
            for (RuleRun run : inner.runs) {
                run.accept(sentence);
            }
        }
        inner.collect();
        return inner.withheld
                || inner.findings.stream()
                        .anyMatch(finding -> finding.action() == Action.REDACT && finding.span() != null);
    }

    /** After masking, the sentence is judged once more: what then still breaks a rule is for a person to decide. */
    private void again(Sentence sentence) {
        String masked = edits.apply(sentence.raw(), sentence.start(), sentence.end(), sentence.start());
        var second = new Screening(pass.shallow());
        int escapesFrom = sentence.start() >= jsonFrom ? 0 : pass.form().jsonFrom(masked, masked.length());
        Sentences.of(masked, 0, true, escapesFrom).forEach(part -> second.runs.forEach(run -> run.accept(part)));
        for (RuleRun run : second.runs) {
            for (Finding finding : run.take()) {
                if (finding.span() != null
                        && finding.action().ordinal() <= Action.REDACT.ordinal()
                        && !holdsAlready(finding.rule())) {
                    var whole = new Match(
                            sentence.start(), sentence.end(), finding.span().steps());
                    findings.add(new Finding(
                            finding.rule(),
                            finding.detector(),
                            whole,
                            Action.HOLD,
                            finding.latencyMicros(),
                            Optional.empty()));
                    withheld = true;
                }
            }
        }
    }

    private boolean holdsAlready(Rule rule) {
        return findings.stream()
                .anyMatch(finding ->
                        finding.rule().equals(rule) && finding.action().withholds());
    }

    /**
     * Ends the text.
     *
     * @param text the original, whole
     * @param released how much of it has left already
     */
    Screened end(String text, int released) {
        Function<Bilingual, String> language = Language.of(text, pass.facts().dialogue());
        // The label goes last: it speaks of all the words above it.
        List<RuleRun> labelLast = runs.stream()
                .sorted(Comparator.comparing(run -> run.rule().id().domain() == Domain.LBL))
                .toList();
        for (RuleRun run : labelLast) {
            List<Finding> missing = run.end();
            missing.forEach(this::record);
            boolean fired = findings.stream()
                    .anyMatch(finding -> finding.rule().equals(run.rule()) && finding.action() == Action.REWRITE);
            if (fired) {
                run.rule()
                        .rewrite()
                        .ifPresent(rewrite ->
                                rewrite(run, rewrite, language, pass.form().fixedFrom(text)));
            }
        }
        List<Verdict> verdicts = findings.stream()
                .sorted(Comparator.comparing(Finding::action)
                        .thenComparing(finding -> finding.rule().severity()))
                .map(finding -> finding.verdict(pass, text))
                .toList();
        Optional<Action> action = verdicts.stream().map(Verdict::action).findFirst();
        if (withheld) {
            Optional<String> releasable =
                    blocked ? Optional.empty() : Optional.of(edits.apply(text, 0, text.length(), 0) + after);
            return new Screened(
                    "", action, verdicts, blocked ? List.of() : notices, Optional.of(message()), releasable);
        }
        String rest = edits.apply(text, released, text.length(), 0) + after;
        return new Screened(rest, action, verdicts, notices, Optional.empty());
    }

    /** @param fixedFrom index from which on no words may be added, and none behind the text if there is any */
    private void rewrite(RuleRun run, Rewrite rewrite, Function<Bilingual, String> language, int fixedFrom) {
        var words = new StringBuilder(language.apply(rewrite.text()));
        for (Requirement requirement : run.missing()) {
            requirement.text().ifPresent(item -> words.append("\n- ").append(language.apply(item)));
        }
        boolean stands =
                switch (rewrite.place()) {
                    case BEFORE -> run.insertAt() < fixedFrom;
                    case AFTER -> fixedFrom == Integer.MAX_VALUE;
                };
        if (pass.stage() == Stage.INPUT || !stands) {
            notices.add(new Notice(run.rule().reference(), rewrite.place(), words.toString()));
            return;
        }
        switch (rewrite.place()) {
            case BEFORE -> edits.insert(run.insertAt(), words + "\n\n");
            case AFTER -> after.append("\n\n").append(words);
        }
    }

    private Screened.Message message() {
        return findings.stream()
                .filter(finding -> finding.action().withholds())
                .min(Comparator.comparing(Finding::action)
                        .thenComparing(finding -> finding.rule().severity()))
                .map(Screening::message)
                .orElse(HELD);
    }

    private static Screened.Message message(Finding strongest) {
        Rule rule = strongest.rule();
        if (strongest.action() != Action.HOLD) {
            return new Screened.Message(rule.message().zh(), rule.message().en());
        }
        return new Screened.Message(
                rule.message().zh() + HELD.zh(), rule.message().en() + " " + HELD.en());
    }
}
