package io.plumbline.platform.gateway;

import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.Notice;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.TextForm;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.screening.ScreenedItem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Stage I: every text of a question, whoever's turn it claims to be, before the model sees it. */
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
     * @param form with the tools as the model may see them
     */
    record Outcome(
            List<ChatMessage> messages,
            List<ScreenedItem> findings,
            List<Notice> notices,
            Optional<Screened.Message> refusal,
            Optional<Screened.Message> held,
            String dialogue,
            AnswerForm form) {}

    /** Screens the messages, the calls that the assistant's turns claim to have made, and what is said of tools. */
    Outcome screen(ScreenContext context, List<ChatMessage> messages, AnswerForm form) {
        Pass pass = new Pass(context);
        List<ChatMessage> released = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            String item = "messages[%d]".formatted(i);
            String before = text(messages.subList(0, i));
            String content = pass.take(item, before, TextForm.PROSE, message.content());
            List<ToolCall> calls = new ArrayList<>();
            for (ToolCall call : message.toolCalls()) {
                String path = "%s.tool_calls[%d]".formatted(item, calls.size());
                String arguments = pass.take(path, before, TextForm.JSON, call.arguments());
                calls.add(new ToolCall(call.id(), call.name(), arguments));
            }
            released.add(new ChatMessage(message.role(), content, calls, message.toolCallId()));
            if (pass.refusal.isPresent()) {
                return pass.refused(text(messages), form);
            }
        }
        List<ToolFunction> tools = new ArrayList<>();
        for (ToolFunction tool : form.tools()) {
            tools.add(pass.take("tools[%d]".formatted(tools.size()), tool));
        }
        if (pass.refusal.isPresent()) {
            return pass.refused(text(messages), form);
        }
        return new Outcome(
                released,
                pass.findings,
                pass.notices,
                Optional.empty(),
                pass.held,
                text(released),
                form.withTools(tools));
    }

    /** Screens the texts of one question, one after the other. */
    private final class Pass {
        private final ScreenContext context;
        private final List<ScreenedItem> findings = new ArrayList<>();
        private final List<Notice> notices = new ArrayList<>();
        private Optional<Screened.Message> held = Optional.empty();
        private Optional<Screened.Message> refusal = Optional.empty();

        Pass(ScreenContext context) {
            this.context = context;
        }

        /** The text as the model may see it; without meaning once the question is refused. */
        String take(String item, String before, TextForm form, String text) {
            Screened screened = screener.screen(context.following(before), Stage.INPUT, form, text);
            for (Verdict verdict : screened.verdicts()) {
                findings.add(new ScreenedItem(item, verdict));
            }
            screened.notices().stream()
                    .filter(notice ->
                            notices.stream().noneMatch(other -> other.text().equals(notice.text())))
                    .forEach(notices::add);
            if (screened.withheld() && !screened.held() && refusal.isEmpty()) {
                refusal = screened.message();
            }
            if (screened.held() && held.isEmpty()) {
                held = screened.message();
            }
            return screened.releasable().orElse(screened.text());
        }

        ToolFunction take(String item, ToolFunction tool) {
            String description = tool.description().isEmpty() ? "" : take(item, "", TextForm.PROSE, tool.description());
            String parameters = tool.parameters().isEmpty() ? "" : take(item, "", TextForm.JSON, tool.parameters());
            if (!parameters.equals(tool.parameters()) && refusal.isEmpty()) {
                // A rule may have put its own words into the schema, and the answer would be held to them.
                throw new InvalidRequest(
                        item,
                        "A screening rule changes the parameters of the function '%s'; leave out what it objects to."
                                .formatted(tool.name()));
            }
            return new ToolFunction(tool.name(), description, parameters, tool.strict());
        }

        Outcome refused(String dialogue, AnswerForm form) {
            return new Outcome(List.of(), findings, notices, refusal, Optional.empty(), dialogue, form);
        }
    }

    private static String text(List<ChatMessage> messages) {
        return messages.stream().map(ChatMessage::content).collect(Collectors.joining(PARAGRAPH));
    }
}
