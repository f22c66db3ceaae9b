package io.plumbline.compliance.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.compliance.detect.Condition;
import io.plumbline.compliance.detect.Conditions;
import io.plumbline.compliance.detect.ContextFilter;
import io.plumbline.compliance.detect.Detector;
import io.plumbline.compliance.detect.Detectors;
import io.plumbline.compliance.detect.PhraseDetector;
import io.plumbline.compliance.detect.Phrases;
import io.plumbline.compliance.detect.ProximityDetector;
import io.plumbline.compliance.detect.View;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the detectors, exceptions and requirements of one rule. */
final class DetectorReader {
    private static final Set<String> FIELDS = Set.of(
            "kind",
            "ref",
            "terms",
            "patterns",
            "hints",
            "view",
            "near",
            "with",
            "window",
            "requires",
            "role",
            "decode");

    private final Fields rule;
    private final Map<String, JsonNode> contexts;
    private final List<Detector> triggers = new ArrayList<>();
    private final List<Condition> factTriggers = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<ContextFilter> exceptions = new ArrayList<>();
    private final List<Requirement> requirements = new ArrayList<>();
    private final Set<DetectorKind> kinds = EnumSet.noneOf(DetectorKind.class);
    private boolean decodes;

    DetectorReader(Fields rule, Map<String, JsonNode> contexts) {
        this.rule = rule;
        this.contexts = contexts;
    }

    void read() {
        for (Fields detector : rule.objects("detectors")) {
            detector.only(FIELDS);
            detector.parsed("kind", detector.text("kind"), DetectorReader::kind).ifPresent(kind -> {
                kinds.add(kind);
                detector(kind, detector);
            });
        }
        if (kinds.isEmpty()) {
            rule.problem("detectors", "a rule without a detector would never fire");
        }
        for (String name : rule.texts("exceptions")) {
            exception(name);
        }
        boolean together = !requirements.isEmpty() || !conditions.isEmpty();
        String combine = rule.text("combine");
        if (!combine.equals(together ? "all" : "any")) {
            rule.problem("combine", "must be 'all' with requirements or conditions, otherwise 'any'");
        }
    }

    Set<DetectorKind> kinds() {
        return kinds;
    }

    CompiledRule compile(Rule compiled) {
        return new CompiledRule(compiled, triggers, factTriggers, conditions, exceptions, requirements, decodes);
    }

    private static DetectorKind kind(String code) {
        return DetectorKind.of(code).orElseThrow(() -> new IllegalArgumentException("one of kw rx rc cx st md"));
    }

    private void detector(DetectorKind kind, Fields detector) {
        String id = kind.code() + ":" + detector.text("ref");
        switch (kind) {
            case MD -> {
                if (!condition(id, detector)) {
                    detector.problem("ref", "no condition '%s'; known are %s".formatted(id, Conditions.names()));
                }
            }
            case CX -> proximity(id, detector);
            case KW, RX, RC, ST -> spans(id, detector);
        }
    }

    /** Whether the detector names a condition; if so, takes it. */
    private boolean condition(String id, Fields detector) {
        Optional<Condition> condition = Conditions.named(detector.text("ref"), id);
        String role = detector.text("role", "condition");
        if (!Set.of("condition", "trigger").contains(role)) {
            detector.problem("role", "'%s' is neither 'condition' nor 'trigger'".formatted(role));
        }
        condition.ifPresent(role.equals("trigger") ? factTriggers::add : conditions::add);
        return condition.isPresent();
    }

    private void proximity(String id, Fields detector) {
        if (!detector.has("near")) {
            named(id, detector);
            return;
        }
        int window = detector.number("window", 1, 200);
        Optional<Phrases> near = phrases(detector, List.of(), detector.texts("near"), List.of());
        Optional<Phrases> with = phrases(detector, List.of(), detector.texts("with"), List.of());
        if (near.isPresent() && with.isPresent()) {
            triggers.add(new ProximityDetector(id, near.get(), with.get(), window));
        }
    }

    private void spans(String id, Fields detector) {
        for (Fields item : detector.objects("requires")) {
            item.only(Set.of("name", "terms", "patterns", "hints", "dialogue", "text"));
            Optional<Bilingual> text = item.has("text") ? Optional.of(item.bilingual("text")) : Optional.empty();
            String name = item.text("name");
            phrases(item, item.texts("terms"), item.texts("patterns"), item.texts("hints"))
                    .ifPresent(phrases -> requirements.add(new Requirement(name, phrases, item.has("dialogue"), text)));
        }
        List<String> terms = detector.texts("terms");
        List<String> patterns = detector.texts("patterns");
        if (!terms.isEmpty() || !patterns.isEmpty()) {
            Optional<View> view = detector.parsed(
                    "view", detector.text("view", "text"), name -> View.valueOf(name.toUpperCase(Locale.ROOT)));
            Optional<Phrases> phrases = phrases(detector, terms, patterns, detector.texts("hints"));
            if (view.isPresent() && phrases.isPresent()) {
                triggers.add(new PhraseDetector(id, view.get(), phrases.get()));
            }
        } else if (!detector.has("requires")) {
            named(id, detector);
        }
    }

    private void named(String id, Fields detector) {
        Optional<Detector> known = Detectors.named(id);
        known.ifPresent(triggers::add);
        if (known.isEmpty() && !condition(id, detector)) {
            detector.problem(
                    "ref",
                    "'%s' has neither terms nor patterns and is none of %s or %s"
                            .formatted(id, Detectors.names(), Conditions.names()));
        }
        decodes |= detector.has("decode");
    }

    private static Optional<Phrases> phrases(
            Fields owner, List<String> terms, List<String> patterns, List<String> hints) {
        if (terms.isEmpty() && patterns.isEmpty()) {
            owner.problem("terms", "terms or patterns are required");
            return Optional.empty();
        }
        String shown = patterns.isEmpty() ? String.join(", ", terms) : String.join(" ", patterns);
        return owner.parsed("patterns", shown, unused -> Phrases.of(terms, patterns, hints));
    }

    private void exception(String name) {
        JsonNode node = contexts.get(name);
        if (node == null) {
            rule.problem("exceptions", "no context '%s'; known are %s".formatted(name, contexts.keySet()));
            return;
        }
        Fields context = rule.context(name, node);
        context.only(Set.of("scope", "terms", "patterns"));
        Optional<ContextFilter.Scope> scope = context.parsed(
                "scope", context.text("scope"), text -> ContextFilter.Scope.valueOf(text.toUpperCase(Locale.ROOT)));
        Optional<Phrases> phrases = phrases(context, context.texts("terms"), context.texts("patterns"), List.of());
        if (scope.isPresent() && phrases.isPresent()) {
            exceptions.add(new ContextFilter(name, scope.get(), phrases.get()));
        }
    }
}
