package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a caller is told, choice by choice: the message's content as it is sent, or stored where it is stored, and behind it
 * name and arguments of each call.
 */
final class AnswerTranscript {
    private final List<Choice> choices = new ArrayList<>();

    private static final class Choice {
        final StringBuilder text = new StringBuilder();
        Optional<Ending> ending = Optional.empty();
        String refusal = "";
        boolean held;
        List<Notice> notices = List.of();
    }

    AnswerTranscript(int choices) {
        for (int i = 0; i < choices; i++) {
            this.choices.add(new Choice());
        }
    }

    void add(Piece piece) {
        Choice choice = choices.get(piece.choice());
        switch (piece) {
            case Piece.Text text -> choice.text.append(text.text());
            case Piece.ToolCall call -> choice.text.append(call.name());
            case Piece.Arguments arguments -> choice.text.append(arguments.text());
            case Piece.End end -> {
                choice.ending = Optional.of(end.ending());
                choice.refusal = end.refusal().orElse("");
                choice.held = end.held();
                choice.notices = end.notices();
            }
        }
    }

    /** Content of each choice; where a rule withheld the text, what it says instead. */
    List<String> contents() {
        return choices.stream()
                .map(choice -> withheld(choice) ? choice.refusal : choice.text.toString())
                .toList();
    }

    /** What each choice's caller is told beside its content. */
    List<List<Notice>> notices() {
        return choices.stream().map(choice -> choice.notices).toList();
    }

    /** In OpenAI's words; {@code unfinished} for a choice that has not ended. */
    List<String> finishReasons() {
        return choices.stream()
                .map(choice -> choice.ending.map(Ending::wireName).orElse("unfinished"))
                .toList();
    }

    private static boolean withheld(Choice choice) {
        return choice.ending.filter(ending -> ending == Ending.CONTENT_FILTER).isPresent();
    }

    /** The last part of the act's type: what became of the answer as a whole. */
    String fate() {
        if (choices.stream().anyMatch(choice -> choice.held)) {
            return "held";
        }
        return choices.stream().anyMatch(AnswerTranscript::withheld) ? "withheld" : "released";
    }
}
