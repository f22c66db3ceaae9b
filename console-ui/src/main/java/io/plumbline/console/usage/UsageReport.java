package io.plumbline.console.usage;

import io.plumbline.platform.usage.DailyQuota;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.UsageSum;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Usage of a period, as the REST route sums it up.
 *
 * @param from first day, UTC
 * @param to the day after the last
 * @param days one for each day of the period, also those without requests
 * @param models most tokens first
 * @param callers most tokens first; keys by their name where the person may know it
 * @param quota of today; empty = no limit
 */
record UsageReport(
        LocalDate from,
        LocalDate to,
        List<UsageSum> days,
        List<UsageSum> models,
        List<UsageSum> callers,
        Optional<DailyQuota> quota) {

    Tokens total() {
        return models.stream().map(UsageSum::tokens).reduce(Tokens.none(), Tokens::plus);
    }

    long requests() {
        return models.stream().mapToLong(UsageSum::requests).sum();
    }

    /** As RFC 4180 has it, with the names of the REST route. */
    byte[] csv() {
        StringBuilder text = new StringBuilder(
                "group_by,group,requests,prompt_tokens,completion_tokens,cached_tokens,total_tokens\r\n");
        append(text, "day", days);
        append(text, "model", models);
        append(text, "caller", callers);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, String groupBy, List<UsageSum> sums) {
        for (UsageSum sum : sums) {
            Tokens tokens = sum.tokens();
            text.append(groupBy).append(',').append(field(sum.group()));
            for (long number :
                    new long[] {sum.requests(), tokens.prompt(), tokens.completion(), tokens.cached(), tokens.total()
                    }) {
                text.append(',').append(number);
            }
            text.append("\r\n");
        }
    }

    /** Quoted; what a spreadsheet would take for a formula begins with an apostrophe. */
    private static String field(String value) {
        String inert = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        return '"' + inert.replace("\"", "\"\"") + '"';
    }
}
