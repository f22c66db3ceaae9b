package io.plumbline.inference.toolcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.ConversationVariables;
import io.plumbline.inference.tokenizer.template.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates say of tools: the texts they make of tools, calls and results, and the form of calls they show. */
class TemplateToolCallsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> SPECIAL = Map.of("bos_token", "<s>", "eos_token", "</s>");
    private static final Set<String> CONTROL = Set.of("<s>", "</s>", "<|im_end|>", "<|eot_id|>", "[TOOL_CALLS]");

    private static InputStream resource(String path) {
        return Objects.requireNonNull(TemplateToolCallsTest.class.getResourceAsStream(path), path);
    }

    /** A template in the manner of a family. */
    static ChatTemplate template(String family) {
        try (InputStream in = resource("/template/%s.jinja".formatted(family))) {
            return ChatTemplate.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static ToolCallForm form(String family) {
        return TemplateToolCalls.form(template(family), SPECIAL, CONTROL).orElseThrow();
    }

    /** Expected texts by Jinja 3.1 with the settings of transformers. */
    @Test
    void toolsCallsAndResultsAreRenderedAsTransformersDoes() throws IOException {
        JsonNode cases = JSON.readTree(resource("/template/cases.json")).path("cases");
        assertThat(cases).hasSize(18);
        for (JsonNode each : cases) {
            ChatTemplate template = template(each.path("template").asText());
            Map<String, @Nullable Object> variables = new LinkedHashMap<>(SPECIAL);
            variables.putAll(
                    ConversationVariables.of(messages(each.path("messages")), tools(each.path("tools")), true));
            if (each.has("error")) {
                assertThatThrownBy(() -> template.render(variables))
                        .isInstanceOf(TemplateException.class)
                        .hasMessageContaining(each.path("error").asText());
            } else {
                assertThat(template.render(variables))
                        .isEqualTo(each.path("rendered").asText());
            }
        }
    }

    private static List<ChatMessage> messages(JsonNode turns) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : turns) {
            List<ToolCall> calls = new ArrayList<>();
            for (JsonNode call : turn.path("tool_calls")) {
                JsonNode function = call.path("function");
                calls.add(new ToolCall(
                        "id of " + call.path("id").asText(),
                        function.path("name").asText(),
                        function.path("arguments").toString()));
            }
            messages.add(new ChatMessage(
                    turn.path("role").asText(),
                    turn.path("content").asText(),
                    calls,
                    Optional.ofNullable(turn.get("tool_call_id")).map(id -> "id of " + id.asText())));
        }
        return messages;
    }

    private static List<ToolFunction> tools(JsonNode listed) {
        List<ToolFunction> tools = new ArrayList<>();
        for (JsonNode tool : listed) {
            JsonNode function = tool.path("function");
            tools.add(new ToolFunction(
                    function.path("name").asText(),
                    function.path("description").asText(""),
                    function.has("parameters") ? function.path("parameters").toString() : "",
                    false));
        }
        return tools;
    }

    @Test
    void theFormIsWhatTheTemplateShows() {
        assertThat(form("qwen-like")).isEqualTo(ToolCallForm.HERMES);
        assertThat(form("llama-like"))
                .isEqualTo(new ToolCallForm("{\"name\": \"", "\", \"parameters\": ", Optional.empty(), "}"));
        assertThat(form("mistral-like"))
                .isEqualTo(new ToolCallForm(
                        "[TOOL_CALLS][{\"name\": \"",
                        "\", \"arguments\": ",
                        Optional.of(", \"id\": \"call00000\"}, {\"name\": \""),
                        ", \"id\": \"call00000\"}]"));
    }

    @Test
    void theFormOfAnUnknownFamilyIsFoundToo() throws IOException {
        String source = JSON.readTree(resource("/golden/real/chat_templates.json"))
                .path("templates")
                .path("tools")
                .asText();
        assertThat(TemplateToolCalls.form(ChatTemplate.of(source), SPECIAL, CONTROL))
                .hasValue(new ToolCallForm(
                        "<call>{\"name\": \"",
                        "\", \"arguments\": ",
                        Optional.of("}</call>\n<call>{\"name\": \""),
                        "}</call>"));
    }

    @Test
    void tagsAreToldFromBareJson() {
        assertThat(ToolCallForm.HERMES.marker()).isEqualTo("<tool_call>");
        assertThat(form("mistral-like").marker()).isEqualTo("[TOOL_CALLS]");
        assertThat(form("llama-like").tagged()).isFalse();
        assertThat(form("llama-like").marker()).isEqualTo("{\"name\": \"");
    }

    /** No tools; tools but no calls; no results; roles that alternate; calls that are no JSON; a syntax of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}",
                "{{ tools | tojson }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}",
                "{{ tools | tojson }}{% for m in messages %}{% if m.role != 'tool' %}<{{ m.role }}>{{ m.content }}"
                        + "{{ m.tool_calls | tojson }}{% endif %}{% endfor %}",
                "{{ tools | tojson }}{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no') }}"
                        + "{% endif %}{{ m.content }}{% endfor %}",
                "{{ tools | tojson }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% for c in m.tool_calls %}"
                        + "{{ c.function.name }}({% for k, v in c.function.arguments.items() %}{{ k }}={{ v }}"
                        + "{% endfor %}){% endfor %}{% endfor %}"
            })
    void wheresNoFormIsShownThereIsNone(String source) {
        assertThat(TemplateToolCalls.form(ChatTemplate.of(source), SPECIAL, CONTROL))
                .isEmpty();
    }
}
