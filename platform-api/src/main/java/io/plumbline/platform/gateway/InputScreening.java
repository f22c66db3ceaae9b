package io.plumbline.platform.gateway;

import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.platform.screening.ScreenedItem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Stage I: every message of a question, whoever's turn it claims to be, before the model sees it. */
@ApplicationScoped
class InputScreening {
    private static final String PARAGRAPH = "\n\n";

    private final Screener screener;

    @Inject
    InputScreening(Screener screener) {
        this.screener = screener;
    }

    /**
     * What came of it.
     *
     * @param messages the messages as the model may see them
     * @param notices what has to be put into the answer
     * @param refusal what to tell the caller, where a rule blocks the question
     * @param held what to tell the caller, where a rule holds the question: the model drafts an answer, and a person decides
     * @param dialogue the messages as one text, for the screening of the answer
     */
    record Outcome(
            List<ChatMessage> messages,
            List<ScreenedItem> findings,
            List<String> notices,
            Optional<Screened.Message> refusal,
            Optional<Screened.Message> held,
            String dialogue) {}

    Outcome screen(ScreenContext context, List<ChatMessage> messages) {
        List<ChatMessage> released = new ArrayList<>();
        List<ScreenedItem> findings = new ArrayList<>();
        List<String> notices = new ArrayList<>();
        Optional<Screened.Message> held = Optional.empty();
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            Screened screened =
                    screener.screen(context.following(text(messages.subList(0, i))), Stage.INPUT, message.content());
            for (Verdict verdict : screened.verdicts()) {
                findings.add(new ScreenedItem("messages[%d]".formatted(i), verdict));
            }
            screened.notices().stream()
                    .filter(notice -> !notices.contains(notice))
                    .forEach(notices::add);
            if (screened.withheld() && !screened.held()) {
                return new Outcome(List.of(), findings, notices, screened.message(), Optional.empty(), text(messages));
            }
            if (screened.held() && held.isEmpty()) {
                held = screened.message();
            }
            released.add(new ChatMessage(message.role(), screened.releasable().orElse(screened.text())));
        }
        return new Outcome(released, findings, notices, Optional.empty(), held, text(released));
    }

    private static String text(List<ChatMessage> messages) {
        return messages.stream().map(ChatMessage::content).collect(Collectors.joining(PARAGRAPH));
    }
}
