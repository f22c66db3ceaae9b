package io.plumbline.platform.usage.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import io.plumbline.platform.usage.UsageDay;
import io.plumbline.platform.usage.UsageGroup;
import io.plumbline.platform.usage.UsageSum;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the tenant has used. */
@Path("/api/v1/usage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Usage")
public class UsageResource {
    private static final int DEFAULT_DAYS = 30;

    private final Usage usage;
    private final Clock clock;

    @Inject
    UsageResource(Usage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    @GET
    @RequiresScope(Scope.USAGE_READ)
    @Operation(
            operationId = "usage",
            summary = "Tokens from the ledger, exact to the last settled request",
            description =
                    "Dates are UTC, as 2026-11-22; 'from' is included, 'to' is not. group_by: model, day, subject.")
    public UsageReport usage(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("group_by") @DefaultValue("model") String groupBy) {
        Period period = period(from, to);
        UsageGroup group = UsageGroup.of(groupBy)
                .orElseThrow(() -> new InvalidRequest("group_by", "group_by is model, day or subject."));
        List<UsageSum> sums = usage.sums(
                period.from().atStartOfDay(ZoneOffset.UTC).toInstant(),
                period.to().atStartOfDay(ZoneOffset.UTC).toInstant(),
                group);
        Tokens total = sums.stream().map(UsageSum::tokens).reduce(Tokens.none(), Tokens::plus);
        long requests = sums.stream().mapToLong(UsageSum::requests).sum();
        return new UsageReport(
                "usage",
                period.from(),
                period.to(),
                group.wireName(),
                sums.stream()
                        .map(s -> Line.of(s.group(), s.requests(), s.tokens()))
                        .toList(),
                Line.of("total", requests, total));
    }

    @GET
    @Path("daily")
    @RequiresScope(Scope.USAGE_READ)
    @Operation(
            operationId = "dailyUsage",
            summary = "Totals by day and model, for long periods; they follow the ledger within seconds")
    public DailyUsage daily(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        Period period = period(from, to);
        return new DailyUsage(
                "list",
                usage.days(period.from(), period.to()).stream().map(DayLine::of).toList());
    }

    private record Period(LocalDate from, LocalDate to) {}

    private Period period(@Nullable String from, @Nullable String to) {
        LocalDate tomorrow =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
        LocalDate end = to == null ? tomorrow : date("to", to);
        LocalDate begin = from == null ? end.minusDays(DEFAULT_DAYS) : date("from", from);
        if (!begin.isBefore(end)) {
            throw new InvalidRequest("to", "'to' (%s) must be after 'from' (%s).".formatted(end, begin));
        }
        return new Period(begin, end);
    }

    private static LocalDate date(String param, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidRequest(param, "'%s' is not a date such as 2026-11-22.".formatted(text));
        }
    }

    /**
     * @param to excluded
     * @param groupBy model, day or subject
     */
    @Schema(name = "UsageReport")
    public record UsageReport(
            String object,
            LocalDate from,
            LocalDate to,
            @JsonProperty("group_by") String groupBy,
            List<Line> data,
            Line total) {}

    /** @param group a model, day or subject */
    @Schema(name = "UsageLine")
    public record Line(
            String group,
            long requests,
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("completion_tokens") long completionTokens,
            @JsonProperty("cached_tokens") long cachedTokens,
            @JsonProperty("total_tokens") long totalTokens) {
        static Line of(String group, long requests, Tokens tokens) {
            return new Line(group, requests, tokens.prompt(), tokens.completion(), tokens.cached(), tokens.total());
        }
    }

    @Schema(name = "DailyUsage")
    public record DailyUsage(String object, List<DayLine> data) {}

    @Schema(name = "DailyUsageLine")
    public record DayLine(
            LocalDate day,
            String model,
            long requests,
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("completion_tokens") long completionTokens,
            @JsonProperty("cached_tokens") long cachedTokens) {
        static DayLine of(UsageDay day) {
            Tokens tokens = day.tokens();
            return new DayLine(
                    day.day(), day.model(), day.requests(), tokens.prompt(), tokens.completion(), tokens.cached());
        }
    }
}
