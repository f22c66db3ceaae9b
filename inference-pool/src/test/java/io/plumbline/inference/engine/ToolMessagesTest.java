package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolMessagesTest {
    private static final ToolFunction CLOCK =
            new ToolFunction("clock", "Tells the time", "{\"type\": \"object\"}", false);
    private static final ChatMessage USER = new ChatMessage("user", "What time is it?");

    private static List<ChatMessage> asText(List<ChatMessage> messages, ToolFunction... tools) {
        return ToolMessages.asText(new Prompt.Chat(messages, Optional.empty(), List.of(tools)));
    }

    @Test
    void withoutToolsNothingChanges() {
        assertThat(asText(List.of(USER))).containsExactly(USER);
    }

    @Test
    void functionsAreDescribedBehindTheSystemMessage() {
        List<ChatMessage> alone = asText(List.of(USER), CLOCK);
        assertThat(alone).hasSize(2);
        assertThat(alone.getFirst().role()).isEqualTo("system");
        assertThat(alone.getFirst().content())
                .contains("{\"type\":\"function\",\"function\":{\"name\":\"clock\",\"description\":\"Tells the time\","
                        + "\"parameters\":{\"type\":\"object\"}}}");
        List<ChatMessage> joined = asText(List.of(new ChatMessage("system", "Be brief."), USER), CLOCK);
        assertThat(joined).hasSize(2);
        assertThat(joined.getFirst().content())
                .isEqualTo("Be brief.\n\n" + alone.getFirst().content());
    }

    @Test
    void callsAndResultsBecomeTurns() {
        ChatMessage calls = new ChatMessage(
                "assistant",
                "Wait.",
                List.of(new ToolCall("1", "clock", "{\"zone\": \"A\"}"), new ToolCall("2", "clock", "{}")));
        List<ChatMessage> text =
                asText(List.of(USER, calls, new ChatMessage("tool", "10:00"), new ChatMessage("tool", "11:00")));
        assertThat(text).containsExactly(USER, new ChatMessage("assistant", """
                                Wait.
                                <tool_call>
                                {"name": "clock", "arguments": {"zone": "A"}}
                                </tool_call>
                                <tool_call>
                                {"name": "clock", "arguments": {}}
                                </tool_call>"""), new ChatMessage("user", """
                                <tool_response>
                                10:00
                                </tool_response>
                                <tool_response>
                                11:00
                                </tool_response>"""));
    }

    @Test
    void oneCallATurnPutsEveryResultBehindItsCall() {
        ToolCall first = new ToolCall("1", "clock", "{}");
        ToolCall second = new ToolCall("2", "clock", "{\"zone\": \"A\"}");
        ChatMessage both = new ChatMessage("assistant", "Wait.", List.of(first, second));
        ChatMessage later = ChatMessage.toolResult("2", "11:00");
        ChatMessage earlier = ChatMessage.toolResult("1", "10:00");
        assertThat(ToolMessages.oneCallATurn(List.of(USER, both, later, earlier, USER)))
                .containsExactly(
                        USER,
                        new ChatMessage("assistant", "", List.of(second)),
                        later,
                        new ChatMessage("assistant", "Wait.", List.of(first)),
                        earlier,
                        USER);
        assertThat(ToolMessages.oneCallATurn(List.of(USER, both, new ChatMessage("tool", "x"))))
                .containsExactly(
                        USER,
                        new ChatMessage("assistant", "Wait.", List.of(first)),
                        new ChatMessage("tool", "x"),
                        new ChatMessage("assistant", "", List.of(second)));
    }
}
