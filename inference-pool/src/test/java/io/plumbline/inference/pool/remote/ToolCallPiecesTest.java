package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.remote.ToolCallPieces.Unwritable;
import io.plumbline.inference.toolcall.AnswerPart;
import io.plumbline.inference.toolcall.ToolCallReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pieces of calls become text at once, and the text reads back as the calls. */
class ToolCallPiecesTest {
    private final ToolCallPieces pieces = new ToolCallPieces();

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    private String add(String delta) throws Exception {
        return pieces.add(json(delta), false);
    }

    @Test
    void argumentsPassAsTheyCome() throws Exception {
        assertThat(add("[{'index':0,'id':'a','function':{'name':'weather'}}]")).isEmpty();
        assertThat(add("[{'index':0,'function':{'arguments':'{'}}]"))
                .isEqualTo("<tool_call>\n{\"name\": \"weather\", \"arguments\": {");
        assertThat(add("[{'index':0,'function':{'arguments':'}'}}]")).isEqualTo("}");
        assertThat(pieces.close()).isEqualTo("}\n</tool_call>");
        assertThat(pieces.close()).isEmpty();
    }

    @Test
    void severalCallsReadBackAsThemselves() throws Exception {
        List<AnswerPart> parts = new ArrayList<>();
        ToolCallReader reader = new ToolCallReader();
        parts.addAll(reader.push("Let me see."));
        for (String delta : List.of(
                "[{'index':0,'id':'a','function':{'name':'wea','arguments':''}}]",
                "[{'index':0,'function':{'name':'ther','arguments':''}}]",
                "[{'index':0,'function':{'arguments':'{}'}},{'index':1,'id':'b','function':{'name':'clock'}}]",
                "[{'id':'c','function':{'name':'third','arguments':{'x':1}}}]")) {
            parts.addAll(reader.push(pieces.add(json(delta), true)));
        }
        parts.addAll(reader.push(pieces.close()));
        parts.addAll(reader.finish());
        assertThat(parts)
                .containsExactly(
                        new AnswerPart.Words("Let me see."),
                        new AnswerPart.CallBegins(0, "weather"),
                        new AnswerPart.Arguments(0, "{}"),
                        new AnswerPart.CallBegins(1, "clock"),
                        new AnswerPart.Arguments(1, "{}"),
                        new AnswerPart.CallBegins(2, "third"),
                        new AnswerPart.Arguments(2, "{\"x\":1"),
                        new AnswerPart.Arguments(2, "}"));
    }

    @Test
    void aCallThatIsCutShortIsNotClosed() throws Exception {
        assertThat(add("[{'index':0,'function':{'name':'weather'}}]")).isEmpty();
        assertThat(pieces.breakOff()).endsWith("\"arguments\": ");
        assertThat(pieces.close()).isEmpty();
        assertThat(pieces.any()).isTrue();
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws Exception {
        assertThat(add("[{'index':1,'function':{'name':'b','arguments':'{}'}}]"))
                .isNotEmpty();
        assertThatExceptionOfType(Unwritable.class)
                .as("a call that is over")
                .isThrownBy(() -> add("[{'index':0,'function':{'arguments':'x'}}]"));
        assertThatExceptionOfType(Unwritable.class)
                .as("a name that would break the frame")
                .isThrownBy(() -> add("[{'index':2,'function':{'name':'a\\\"','arguments':'{}'}}]"));
        assertThatExceptionOfType(Unwritable.class)
                .as("no name")
                .isThrownBy(() -> add("[{'index':3,'function':{'arguments':'{}'}}]"));
    }
}
