package io.plumbline.console.playground;

import io.plumbline.platform.gateway.Ending;
import io.plumbline.platform.usage.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an answer ended.
 *
 * @param refusal what a rule has to say where it withheld the text
 * @param caseId under which a person decides; empty if nobody need
 * @param rules that fired on question and answer
 * @param firstText time until the first text could be read; empty if there was none
 * @param total time until the end
 */
record AnswerEnd(
        Ending ending,
        Optional<String> refusal,
        Optional<String> caseId,
        List<FiredRule> rules,
        Tokens tokens,
        Optional<Duration> firstText,
        Duration total) {
    AnswerEnd {
        rules = List.copyOf(rules);
    }
}
