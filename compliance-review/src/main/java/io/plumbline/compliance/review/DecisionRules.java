package io.plumbline.compliance.review;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a decision must bring, and what it releases. */
final class DecisionRules {
    private static final int MAX_TEXT = 200_000;

    private DecisionRules() {}

    /**
     * @throws ReviewException.InvalidDecision if the decision does not fit the case
     * @throws ReviewException.NotInForm if a text to be released is not of the form that the caller asked for
     */
    static CaseUpdates.Ending ending(ReviewCase c, Decision decision, Optional<String> note) {
        note.ifPresent(text -> requireStorable("note", text));
        return switch (decision) {
            case Decision.Approve() ->
                new CaseUpdates.Ending(CaseState.APPROVED, Optional.empty(), note, Optional.of(released(c, Map.of())));
            case Decision.Edit(Map<Integer, String> texts) -> {
                requireTexts(c, texts);
                yield new CaseUpdates.Ending(CaseState.EDITED, Optional.empty(), note, Optional.of(released(c, texts)));
            }
            case Decision.Reject(String reason) -> {
                requireText("reason", reason);
                yield new CaseUpdates.Ending(CaseState.REJECTED, Optional.of(reason), note, Optional.empty());
            }
            case Decision.Escalate ignored -> throw new IllegalArgumentException("an escalation ends no case");
        };
    }

    private static String released(ReviewCase c, Map<Integer, String> texts) {
        Map<Integer, String> released = new TreeMap<>();
        FormOfRelease form = FormOfRelease.of(c);
        for (HeldChoice choice : c.choices()) {
            String text = texts.getOrDefault(choice.index(), choice.releasable());
            form.misfit(choice, text).ifPresent(misfit -> {
                throw new ReviewException.NotInForm(choice.index(), misfit);
            });
            released.put(choice.index(), text);
        }
        return CaseJson.write(released);
    }

    private static void requireTexts(ReviewCase c, Map<Integer, String> texts) {
        if (texts.isEmpty()) {
            throw new ReviewException.InvalidDecision("texts", "An edit names the text of at least one held choice.");
        }
        new TreeMap<>(texts).forEach((index, text) -> {
            if (c.choices().stream().noneMatch(choice -> choice.index() == index)) {
                throw new ReviewException.InvalidDecision(
                        "texts", "Choice %d is not held; there is nothing to edit.".formatted(index));
            }
            if (text.isBlank()) {
                throw new ReviewException.InvalidDecision(
                        "texts",
                        "The text of choice %d is empty; reject the case to release nothing.".formatted(index));
            }
            requireStorable("texts", text);
        });
    }

    static void requireText(String param, String text) {
        if (text.isBlank()) {
            throw new ReviewException.InvalidDecision(param, "'%s' says why; it may not be empty.".formatted(param));
        }
        requireStorable(param, text);
    }

    static void requireStorable(String param, String text) {
        if (text.length() > MAX_TEXT) {
            throw new ReviewException.InvalidDecision(
                    param, "'%s' is longer than %d characters.".formatted(param, MAX_TEXT));
        }
        if (text.indexOf('\0') >= 0) {
            throw new ReviewException.InvalidDecision(param, "'%s' contains a null character.".formatted(param));
        }
    }
}
