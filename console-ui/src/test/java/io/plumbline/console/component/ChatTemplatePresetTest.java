package io.plumbline.console.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The presets through the template engine that answers and trains with them. */
class ChatTemplatePresetTest {
    private static final List<ChatMessage> QUESTION =
            List.of(new ChatMessage("system", "Be brief."), new ChatMessage("user", "Open?"));
    private static final List<ChatMessage> ANSWERED =
            List.of(QUESTION.get(0), QUESTION.get(1), new ChatMessage("assistant", "Yes."));

    private static String render(ChatTemplatePreset preset, List<ChatMessage> messages, boolean prompt) {
        return ChatTemplate.of(preset.source())
                .render(messages, prompt, Map.of("bos_token", "<s>", "eos_token", "</s>"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            PLAIN, '<s>Be brief.⏎⏎User: Open?⏎Assistant:'
            PLAIN_CHINESE, '<s>Be brief.⏎⏎问：Open?⏎答：'
            CHATML, '<|im_start|>system⏎Be brief.<|im_end|>⏎<|im_start|>user⏎Open?<|im_end|>⏎<|im_start|>assistant⏎'
            GEMMA, '<s><start_of_turn>user⏎Be brief.⏎⏎Open?<end_of_turn>⏎<start_of_turn>model⏎'
            """)
    void aQuestionEndsWhereTheAnswerBegins(ChatTemplatePreset preset, String expected) {
        assertThat(render(preset, QUESTION, true).replace('\n', '⏎')).isEqualTo(expected);
    }

    /** What is trained on must begin with what the model is asked with, or it would learn another form than it is asked in. */
    @ParameterizedTest
    @EnumSource
    void trainingTextBeginsWithThePrompt(ChatTemplatePreset preset) {
        assertThat(render(preset, ANSWERED, false)).startsWith(render(preset, QUESTION, true));
    }

    /** Without an end to learn, an answer would never stop. */
    @ParameterizedTest
    @EnumSource
    void anAnswerHasAnEnd(ChatTemplatePreset preset) {
        String answer = render(preset, ANSWERED, false)
                .substring(render(preset, QUESTION, true).length())
                .strip();
        assertThat(answer).matches("Yes\\.(</s>|<\\|im_end\\|>|<end_of_turn>)");
    }
}
