package io.plumbline.console.audit;

import com.vaadin.flow.router.QueryParameters;
import io.plumbline.platform.audit.AuditQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is looked for; it stands in the address of the page, so that it can be kept and sent.
 *
 * @param type such as {@code case.decided}, or {@code case} for all of them
 * @param from when at the earliest, in the server's zone
 * @param to before when
 */
record Search(
        Optional<String> type,
        Optional<String> actor,
        Optional<String> target,
        Optional<LocalDateTime> from,
        Optional<LocalDateTime> to) {

    static Search of(QueryParameters parameters) {
        return new Search(
                parameters.getSingleParameter("type"),
                parameters.getSingleParameter("actor"),
                parameters.getSingleParameter("target"),
                parameters.getSingleParameter("from").flatMap(Search::time),
                parameters.getSingleParameter("to").flatMap(Search::time));
    }

    /** An address that somebody mangled searches without the time. */
    private static Optional<LocalDateTime> time(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    QueryParameters parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        type.ifPresent(value -> parameters.put("type", value));
        actor.ifPresent(value -> parameters.put("actor", value));
        target.ifPresent(value -> parameters.put("target", value));
        from.ifPresent(value -> parameters.put("from", value.toString()));
        to.ifPresent(value -> parameters.put("to", value.toString()));
        return QueryParameters.simple(parameters);
    }

    AuditQuery query(int limit) {
        return new AuditQuery(
                type, actor, target, from.map(Search::instant), to.map(Search::instant), OptionalLong.empty(), limit);
    }

    private static Instant instant(LocalDateTime local) {
        return local.atZone(ZoneId.systemDefault()).toInstant();
    }

    boolean everything() {
        return type.isEmpty() && actor.isEmpty() && target.isEmpty() && from.isEmpty() && to.isEmpty();
    }
}
