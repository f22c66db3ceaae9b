package io.plumbline.finetune.training;

import io.plumbline.finetune.dataset.ChatEncoding;
import io.plumbline.finetune.training.TrainingException.Kind;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Chat template and tokenizer of a base model. */
public final class ModelChatEncoding implements ChatEncoding {
    /**
     * The day that templates see which ask for today's date; Llama 3's own default. The real date would make a run that
     * goes on tomorrow train on other tokens than today.
     */
    private static final Clock FIXED_DAY =
            Clock.fixed(LocalDate.of(2024, 7, 26).atStartOfDay().toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Map<String, String> specialTokens;

    private ModelChatEncoding(Tokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.specialTokens = new HashMap<>();
        put("bos_token", tokenizer.bos());
        put("eos_token", tokenizer.eos());
    }

    /**
     * Reads both from a model file.
     *
     * @param chatTemplate Jinja source to use instead of the model's own
     * @throws TrainingException if there is no template or it cannot be read
     * @throws io.plumbline.inference.weights.BrokenModelFileException if the file or its tokenizer is damaged
     * @throws IOException if the file cannot be read
     */
    public static ModelChatEncoding of(Path model, Optional<String> chatTemplate) throws IOException {
        try (GgufFile file = GgufFile.open(model)) {
            String source = chatTemplate
                    .or(() -> file.metadata().text("tokenizer.chat_template"))
                    .orElseThrow(() -> new TrainingException(
                            Kind.SETTINGS,
                            "%s has no chat template of its own (it is a base model without chat); choose one with --chat-template"
                                    .formatted(model.getFileName())));
            return new ModelChatEncoding(GgufTokenizers.of(file.metadata()), parse(source));
        }
    }

    private static ChatTemplate parse(String source) {
        try {
            return ChatTemplate.of(source);
        } catch (TemplateException e) {
            throw new TrainingException(
                    Kind.SETTINGS,
                    "the chat template cannot be used (line %d): %s; choose another one with --chat-template"
                            .formatted(e.line(), e.getMessage()),
                    e);
        }
    }

    private void put(String name, OptionalInt token) {
        token.ifPresent(id -> specialTokens.put(name, tokenizer.spelling(id)));
    }

    @Override
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put(
                "messages",
                messages.stream()
                        .map(m -> Map.of("role", m.role(), "content", m.content()))
                        .toList());
        variables.put("add_generation_prompt", addGenerationPrompt);
        try {
            return template.render(variables, FIXED_DAY);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Optional<String> controlToken(String content) {
        for (int token : tokenizer.encode(content, true, false)) {
            if (tokenizer.kind(token).isSpecial()) {
                return Optional.of(tokenizer.spelling(token));
            }
        }
        return Optional.empty();
    }

    @Override
    public int[] tokenize(String rendered) {
        return tokenizer.encode(rendered, true, false);
    }
}
