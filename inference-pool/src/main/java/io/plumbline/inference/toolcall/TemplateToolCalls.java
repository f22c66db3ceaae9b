package io.plumbline.inference.toolcall;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.ConversationVariables;
import io.plumbline.inference.tokenizer.template.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks a chat template how its model calls functions, by having it render conversations with calls: what it puts around
 * their names and arguments is what the model learned to write. So no list of families is kept.
 */
public final class TemplateToolCalls {
    private static final String RESULT = "what the probe returned";
    private static final String WORDS = "what the probe says";
    private static final ToolFunction TOOL =
            new ToolFunction("probe_tool", "A probe", "{\"type\": \"object\", \"properties\": {}}", false);
    private static final Probe FIRST = new Probe("probe_one", "{\"probe\": 1}");
    private static final Probe SECOND = new Probe("probe_two", "{\"probe\": 2}");

    private final ChatTemplate template;
    private final Map<String, String> specialTokens;
    private final Set<String> controlTokens;

    /** A call whose name and arguments are easily found again. */
    private record Probe(String name, String arguments) {
        ToolCall call() {
            return new ToolCall(name, name, arguments);
        }

        ChatMessage result() {
            return ChatMessage.toolResult(name, RESULT);
        }

        int argumentsIn(String text, int from) {
            int at = text.indexOf(name, from);
            return at < 0 ? -1 : text.indexOf(arguments, at + name.length());
        }
    }

    private TemplateToolCalls(ChatTemplate template, Map<String, String> specialTokens, Set<String> controlTokens) {
        this.template = template;
        this.specialTokens = specialTokens;
        this.controlTokens = controlTokens;
    }

    /**
     * The form of calls; empty if the template does not tell of tools, does not take their results, or writes calls in a
     * way that is no frame around a name and a JSON object.
     *
     * @param specialTokens {@code bos_token} and the like
     * @param controlTokens spellings that end turns
     */
    public static Optional<ToolCallForm> form(
            ChatTemplate template, Map<String, String> specialTokens, Set<String> controlTokens) {
        try {
            return new TemplateToolCalls(template, specialTokens, controlTokens).form();
        } catch (TemplateException e) {
            return Optional.empty(); // It refuses tools, or the roles that go with them.
        }
    }

    private Optional<ToolCallForm> form() {
        String asked = render(true);
        String answered = render(true, calls(FIRST), FIRST.result());
        int name = answered.indexOf(FIRST.name(), Math.min(asked.length(), answered.length()));
        int arguments = FIRST.argumentsIn(answered, asked.length());
        boolean told = asked.contains(TOOL.name()) && answered.contains(RESULT);
        if (!told || !answered.startsWith(asked) || arguments < 0) {
            return Optional.empty();
        }
        String open = answered.substring(asked.length(), name);
        String beforeArguments = answered.substring(name + FIRST.name().length(), arguments);
        return open.isBlank() || beforeArguments.isBlank()
                ? Optional.empty()
                : Optional.of(new ToolCallForm(open, beforeArguments, between(), end()));
    }

    /** What stands between the calls of one turn; some templates take one call a turn. */
    private Optional<String> between() {
        String text;
        try {
            text = render(true, calls(FIRST, SECOND), FIRST.result(), SECOND.result());
        } catch (TemplateException oneAtATime) {
            return Optional.empty();
        }
        int first = FIRST.argumentsIn(text, 0);
        int second = first < 0 ? -1 : text.indexOf(SECOND.name(), first);
        return second < 0
                ? Optional.empty()
                : Optional.of(text.substring(first + FIRST.arguments().length(), second));
    }

    /** What stands behind the last arguments: all that a turn of calls has there and a turn of words has not. */
    private String end() {
        String ofWords = render(false, new ChatMessage("assistant", WORDS));
        String endOfTurn = ofWords.substring(ofWords.indexOf(WORDS) + WORDS.length());
        String ofCalls = render(false, calls(FIRST));
        String end = ofCalls.substring(
                FIRST.argumentsIn(ofCalls, 0) + FIRST.arguments().length());
        if (!endOfTurn.isEmpty() && end.endsWith(endOfTurn)) {
            return end.substring(0, end.length() - endOfTurn.length());
        }
        int turn = controlTokens.stream()
                .mapToInt(end::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(end.length());
        return end.substring(0, turn).stripTrailing();
    }

    private static ChatMessage calls(Probe... probes) {
        return new ChatMessage(
                "assistant", "", List.of(probes).stream().map(Probe::call).toList());
    }

    private String render(boolean addGenerationPrompt, ChatMessage... turns) {
        List<ChatMessage> messages = new ArrayList<>(List.of(new ChatMessage("user", "A question")));
        messages.addAll(List.of(turns));
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.putAll(ConversationVariables.of(messages, List.of(TOOL), addGenerationPrompt));
        return template.render(variables);
    }
}
