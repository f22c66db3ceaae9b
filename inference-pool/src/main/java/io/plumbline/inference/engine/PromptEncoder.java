package io.plumbline.inference.engine;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.ConversationVariables;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.toolcall.TemplateToolCalls;
import io.plumbline.inference.toolcall.ToolCallForm;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders and tokenises prompts. Thread-safe.
 *
 * <p>A control token that a user spells out in a message stays plain text: only the template can begin and end turns.
 *
 * <p>Tools are told by the template, if it knows how, and its model's calls have the form that it shows; else by
 * {@link ToolMessages}.
 */
public final class PromptEncoder {
    private final String model;
    private final Tokenizer tokenizer;
    private final Optional<Template> ownTemplate;
    private final Map<String, String> specialTokens = new HashMap<>();
    private final ControlSpellings controls;
    private final int[] prefix;

    /** A template, and once that is asked for, how its model calls functions. */
    private final class Template {
        private final ChatTemplate template;
        private @Nullable Optional<ToolCallForm> calls;

        Template(String source) {
            this.template = ChatTemplate.of(source);
        }

        /** Empty if the template does not know of tools. */
        synchronized Optional<ToolCallForm> calls() {
            if (calls == null) {
                calls = TemplateToolCalls.form(template, specialTokens, controls.all());
            }
            return calls;
        }
    }

    /**
     * An encoder for one model.
     *
     * @param model its name, for messages
     * @param tokenizer its tokenizer
     * @param templateSource its own chat template, if its file brings one
     * @throws TemplateException if that is not a template this product understands
     */
    public PromptEncoder(String model, Tokenizer tokenizer, Optional<String> templateSource) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.controls = new ControlSpellings(tokenizer);
        specialToken("bos_token", tokenizer.bos());
        specialToken("eos_token", tokenizer.eos());
        this.ownTemplate = templateSource.map(Template::new);
        this.prefix = tokenizer.encode("", false, true);
    }

    /** Whether the model's file brings a chat template. */
    public boolean hasTemplate() {
        return ownTemplate.isPresent();
    }

    /**
     * The tokens of a prompt.
     *
     * @throws InferenceException.InvalidPrompt if there is no template, or it refuses the messages
     */
    public int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text(String text) -> tokenizer.encode(text, false, true);
            case Prompt.Chat chat -> encodeChat(chat);
        };
    }

    /** How the model writes calls in answers to a prompt. */
    public ToolCallForm callsIn(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text _ -> ToolCallForm.HERMES;
            case Prompt.Chat chat -> refusable(() -> templateOf(chat)).calls().orElse(ToolCallForm.HERMES);
        };
    }

    private int[] encodeChat(Prompt.Chat chat) {
        if (chat.messages().isEmpty()) {
            throw new InferenceException.InvalidPrompt("There are no messages; send at least one.");
        }
        return refusable(() -> {
            Template template = templateOf(chat);
            ControlSpellings.Disguised conversation = controls.disguise(conversation(chat, template));
            Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
            variables.putAll(conversation.variables());
            String rendered = template.template.render(variables);
            return withPrefix(controls.tokenise(rendered, conversation.standIns()));
        });
    }

    private static Map<String, @Nullable Object> conversation(Prompt.Chat chat, Template template) {
        boolean tools = !chat.tools().isEmpty()
                || chat.messages().stream()
                        .anyMatch(turn ->
                                !turn.toolCalls().isEmpty() || turn.role().equals("tool"));
        if (!tools || template.calls().isEmpty()) {
            return ConversationVariables.of(ToolMessages.asText(chat), List.of(), true);
        }
        boolean several = template.calls().get().between().isPresent();
        List<ChatMessage> messages = several ? chat.messages() : ToolMessages.oneCallATurn(chat.messages());
        return ConversationVariables.of(messages, chat.tools(), true);
    }

    private Template templateOf(Prompt.Chat chat) {
        return chat.template()
                .map(source -> new Template(source))
                .or(() -> ownTemplate)
                .orElseThrow(this::noTemplate);
    }

    private static <T> T refusable(Supplier<T> work) {
        try {
            return work.get();
        } catch (TemplateException e) {
            throw new InferenceException.InvalidPrompt(
                    "The chat template does not accept these messages: " + e.getMessage());
        }
    }

    private InferenceException noTemplate() {
        return new InferenceException.InvalidPrompt(
                ("The model '%s' has no chat template, so it cannot answer messages."
                                + " Choose a chat template for its deployment, or send a plain text prompt.")
                        .formatted(model));
    }

    /** A template need not begin with the tokens that the model wants in front of every text. */
    private int[] withPrefix(int[] tokens) {
        boolean there =
                tokens.length >= prefix.length && Arrays.equals(tokens, 0, prefix.length, prefix, 0, prefix.length);
        if (there) {
            return tokens;
        }
        int[] joined = Arrays.copyOf(prefix, prefix.length + tokens.length);
        System.arraycopy(tokens, 0, joined, prefix.length, tokens.length);
        return joined;
    }

    private void specialToken(String name, OptionalInt token) {
        token.ifPresent(id -> specialTokens.put(name, tokenizer.spelling(id)));
    }
}
