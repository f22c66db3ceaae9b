package io.plumbline.compliance.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one rule of a file and compiles its detectors. */
final class RuleReader {
    private static final Set<String> FIELDS = Set.of(
            "id",
            "version",
            "title",
            "packs",
            "stages",
            "audience",
            "severity",
            "action",
            "mask",
            "rewrite",
            "message",
            "detectors",
            "combine",
            "exceptions",
            "basis",
            "owner",
            "reviewer",
            "risks",
            "examples",
            "effective_from",
            "effective_to");

    private final Fields fields;
    private final List<String> problems;
    private final Map<String, JsonNode> contexts;

    RuleReader(String path, JsonNode node, Map<String, JsonNode> contexts, List<String> problems) {
        this.fields = new Fields(path, node, problems);
        this.problems = problems;
        this.contexts = contexts;
    }

    Optional<CompiledRule> read() {
        int before = problems.size();
        fields.only(FIELDS);
        Optional<RuleId> id = fields.parsed("id", fields.text("id"), RuleId::new);
        Optional<Action> action = fields.parsed("action", fields.text("action"), RuleReader::action);
        Optional<Scope> scope = scope();
        int version = fields.number("version", 1, 10_000);
        int severity = fields.number("severity", 1, 4);
        Bilingual title = fields.bilingual("title");
        Bilingual message = fields.bilingual("message");
        var compiler = new DetectorReader(fields, contexts);
        compiler.read();
        Optional<Rewrite> rewrite = rewrite();
        Rule.Governance governance = governance(compiler.kinds());
        action.ifPresent(found -> checkOutcome(found, rewrite));
        if (problems.size() > before || id.isEmpty() || action.isEmpty() || scope.isEmpty()) {
            return Optional.empty();
        }
        var rule = new Rule(
                id.get(),
                version,
                title,
                scope.get(),
                severity,
                action.get(),
                fields.text("mask", ""),
                rewrite,
                message,
                governance);
        return Optional.of(compiler.compile(rule));
    }

    private void checkOutcome(Action action, Optional<Rewrite> rewrite) {
        if (action == Action.REDACT && !fields.has("mask")) {
            fields.problem("mask", "a redacting rule says what stands for the span ('' removes it)");
        }
        if ((action == Action.REWRITE) != rewrite.isPresent()) {
            fields.problem("rewrite", "is required with action W, and only there");
        }
    }

    private Optional<Scope> scope() {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        for (char letter : fields.text("stages").toCharArray()) {
            fields.parsed("stages", String.valueOf(letter), RuleReader::stage).ifPresent(stages::add);
        }
        Set<String> packs = new LinkedHashSet<>(fields.texts("packs"));
        packs.stream()
                .filter(pack -> !pack.equals(Scope.GLOBAL) && !Scope.JURISDICTIONS.contains(pack))
                .forEach(pack -> fields.problem("packs", "unknown pack '%s'".formatted(pack)));
        String audience = fields.text("audience", "any");
        if (!Set.of("any", "public").contains(audience)) {
            fields.problem("audience", "'%s' is neither 'any' nor 'public'".formatted(audience));
        }
        Optional<LocalDate> from = fields.parsed("effective_from", fields.text("effective_from"), LocalDate::parse);
        Optional<LocalDate> to = fields.has("effective_to")
                ? fields.parsed("effective_to", fields.text("effective_to"), LocalDate::parse)
                : Optional.empty();
        return stages.isEmpty() || from.isEmpty()
                ? Optional.empty()
                : Optional.of(new Scope(packs, stages, audience.equals("public"), from.get(), to));
    }

    private Optional<Rewrite> rewrite() {
        if (!fields.has("rewrite")) {
            return Optional.empty();
        }
        Fields rewrite = fields.object("rewrite");
        rewrite.only(Set.of("place", "text"));
        Bilingual text = rewrite.bilingual("text");
        return rewrite.parsed(
                        "place", rewrite.text("place"), place -> Rewrite.Place.valueOf(place.toUpperCase(Locale.ROOT)))
                .map(place -> new Rewrite(place, text));
    }

    private Rule.Governance governance(Set<DetectorKind> kinds) {
        List<Basis> basis = new ArrayList<>();
        for (Fields item : fields.objects("basis")) {
            item.only(Set.of("instrument", "clause", "status"));
            item.parsed("status", item.text("status"), RuleReader::status)
                    .ifPresent(status -> basis.add(new Basis(
                            item.has("instrument") ? item.text("instrument") : "?", item.text("clause", ""), status)));
            if (!item.has("instrument")) {
                item.problem("instrument", "a basis names its instrument");
            }
        }
        if (basis.isEmpty()) {
            fields.problem("basis", "a rule without a basis is not accepted");
        }
        String reviewer = fields.text("reviewer");
        if (!reviewer.matches("[a-z-]+:[1-3]")) {
            fields.problem("reviewer", "is area:level, such as privacy:1");
        }
        return new Rule.Governance(
                basis, fields.text("owner"), reviewer, fields.texts("risks"), kinds, fields.text("examples"));
    }

    private static Basis.Status status(String text) {
        return Basis.Status.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Action action(String letter) {
        for (Action action : Action.values()) {
            if (letter.equals(String.valueOf(action.letter()))) {
                return action;
            }
        }
        throw new IllegalArgumentException("one letter of E B H R W F S L");
    }

    private static Stage stage(String letter) {
        for (Stage stage : Stage.values()) {
            if (letter.equals(String.valueOf(stage.letter()))) {
                return stage;
            }
        }
        throw new IllegalArgumentException("letters of I O S R M D B");
    }
}
