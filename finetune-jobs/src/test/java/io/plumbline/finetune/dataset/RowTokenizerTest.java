package io.plumbline.finetune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.dataset.ChatRow.Turn;
import io.plumbline.finetune.dataset.RowTokenizer.Result;
import io.plumbline.inference.pool.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTokenizerTest {
    /** One token per character; turns look like {@code <u:hello>}. */
    private static class Letters implements ChatEncoding {
        @Override
        public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
            var text = new StringBuilder();
            for (ChatMessage message : messages) {
                text.append('<').append(message.role().charAt(0)).append(':');
                text.append(message.content()).append('>');
            }
            return text.append(addGenerationPrompt ? "<a:" : "").toString();
        }

        @Override
        public Optional<String> controlToken(String content) {
            return content.contains("<") ? Optional.of("<") : Optional.empty();
        }

        @Override
        public int[] tokenize(String rendered) {
            return rendered.chars().toArray();
        }
    }

    @Test
    void aSingleAnswerIsLearntWithItsEndMarkerOnly() {
        TokenizedRow row = usable(row(turn("user", "hi"), turn("assistant", "yo")), 512);
        assertThat(text(row.tokens())).isEqualTo("<u:hi><a:yo>");
        assertThat(targets(row)).isEqualTo("........yo>.");
        assertThat(row.targetCount()).isEqualTo(3);
        assertThat(row.usefulLength()).isEqualTo(11);
    }

    @Test
    void everyAssistantMessageIsLearnt() {
        TokenizedRow row =
                usable(row(turn("user", "q"), turn("assistant", "ab"), turn("user", "r"), turn("assistant", "c")), 512);
        assertThat(text(row.tokens())).isEqualTo("<u:q><a:ab><u:r><a:c>");
        assertThat(targets(row)).isEqualTo(".......ab>........c>.");
    }

    @Test
    void anAssistantMessageOfWeightZeroIsContextOnly() {
        var muted = new Turn(new ChatMessage("assistant", "ab"), false);
        TokenizedRow row = usable(row(turn("user", "q"), muted, turn("user", "r"), turn("assistant", "c")), 512);
        assertThat(targets(row)).isEqualTo("..................c>.");
    }

    @Test
    void theCutKeepsTheBeginning() {
        TokenizedRow row = usable(row(turn("user", "hi"), turn("assistant", "yo")), 10);
        assertThat(text(row.tokens())).isEqualTo("<u:hi><a:y");
        assertThat(targets(row)).isEqualTo("........y.");
    }

    @Test
    void aRowWhoseAnswerIsCutOffIsReported() {
        var result = new RowTokenizer(new Letters(), 9).tokenize(row(turn("user", "hi"), turn("assistant", "yo")));
        assertThat(result).isInstanceOfSatisfying(Result.CutOff.class, cut -> {
            assertThat(cut.tokens()).isEqualTo(12);
            assertThat(cut.row().targetCount()).isZero();
        });
    }

    @Test
    void spelledOutControlTokensAreRefused() {
        assertRefused(
                new Letters(), "messages[0].content", "spells out the model's control token <", turn("user", "a<b"));
    }

    @Test
    void aTemplateThatRewritesEarlierTurnsIsRefused() {
        var forgetful = new Letters() {
            @Override
            public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
                List<ChatMessage> shown = new ArrayList<>(messages);
                if (shown.size() > 2) {
                    shown.set(1, new ChatMessage("assistant", "…"));
                }
                return super.render(shown, addGenerationPrompt);
            }
        };
        assertRefused(
                forgetful,
                "messages[1]",
                "writes this message differently",
                turn("user", "q"),
                turn("assistant", "ab"),
                turn("user", "r"));
    }

    @Test
    void whatTheTemplateSaysIsPassedOn() {
        var strict = new Letters() {
            @Override
            public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
                throw new IllegalArgumentException("roles must alternate");
            }
        };
        assertRefused(strict, "messages", "roles must alternate", turn("user", "q"));
    }

    private static void assertRefused(ChatEncoding encoding, String field, String reason, Turn... before) {
        List<Turn> turns = new ArrayList<>(List.of(before));
        turns.add(turn("assistant", "c"));
        var result = new RowTokenizer(encoding, 512).tokenize(new ChatRow(7, turns));
        assertThat(result).isInstanceOfSatisfying(Result.Refused.class, refused -> {
            assertThat(refused.problem().line()).isEqualTo(7);
            assertThat(refused.problem().field()).isEqualTo(field);
            assertThat(refused.problem().reason()).contains(reason);
        });
    }

    private static TokenizedRow usable(ChatRow row, int maxTokens) {
        return ((Result.Usable) new RowTokenizer(new Letters(), maxTokens).tokenize(row)).row();
    }

    private static ChatRow row(Turn... turns) {
        return new ChatRow(7, List.of(turns));
    }

    private static Turn turn(String role, String content) {
        return new Turn(new ChatMessage(role, content), role.equals("assistant"));
    }

    private static String text(int[] tokens) {
        return new String(tokens, 0, tokens.length);
    }

    /** Per position the target's character, or a dot where there is none. */
    private static String targets(TokenizedRow row) {
        var text = new StringBuilder();
        for (int target : row.targets()) {
            text.append(target < 0 ? '.' : (char) target);
        }
        return text.toString();
    }
}
