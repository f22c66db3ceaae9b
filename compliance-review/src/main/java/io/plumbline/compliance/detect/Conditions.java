package io.plumbline.compliance.detect;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The metadata conditions that rule files may name. Unreadable dates and unknown levels count as the unsafe answer. */
public final class Conditions {
    private record Named(String id, Predicate<Facts> test) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return test.test(facts);
        }
    }

    /** Who may read what, lowest first. */
    private static final List<String> LEVELS = List.of("public", "internal", "confidential", "secret");

    private static final Map<String, Predicate<Facts>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("risk-assessment-invalid", facts -> !validUntil(facts, "risk_assessment_valid_until")),
            Map.entry("guardian-unconfirmed", facts -> !isTrue(facts, "guardian_confirmed")),
            Map.entry("patient-under-six", Conditions::patientUnderSix),
            Map.entry("licence-missing", Conditions::licenceMissing),
            Map.entry("consent-missing", facts -> facts.value("consent_id").isEmpty()),
            Map.entry("same-person", Conditions::samePerson),
            Map.entry("clearance-too-low", Conditions::clearanceTooLow),
            Map.entry(
                    "document-restricted",
                    facts -> facts.value("document_label").isPresent() && label(facts) > 0),
            Map.entry(
                    "no-persistent-notice",
                    facts -> facts.value("stage").filter("M"::equals).isPresent()
                            || facts.value("display_notice")
                                    .filter("persistent"::equals)
                                    .isEmpty()),
            Map.entry("producer-code-invalid", facts -> facts.value("producer_code")
                    .filter(code -> !Checksums.producerCode(code))
                    .isPresent())));

    private Conditions() {}

    /**
     * The condition of that name.
     *
     * @param id under which its findings are reported, such as {@code md:consent-missing}
     */
    public static Optional<Condition> named(String name, String id) {
        return Optional.ofNullable(ALL.get(name)).map(test -> new Named(id, test));
    }

    private static boolean isTrue(Facts facts, String name) {
        return facts.value(name).filter("true"::equalsIgnoreCase).isPresent();
    }

    private static Optional<LocalDate> date(Facts facts, String name) {
        try {
            return facts.value(name).map(LocalDate::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean validUntil(Facts facts, String name) {
        return date(facts, name).filter(until -> !until.isBefore(facts.today())).isPresent();
    }

    private static boolean patientUnderSix(Facts facts) {
        return date(facts, "patient_birth_date")
                .filter(born -> YoungPatientDetector.underSix(born, facts.today()))
                .isPresent();
    }

    private static boolean licenceMissing(Facts facts) {
        boolean recorded = facts.value("licence").isPresent()
                || facts.value("authorisation").isPresent()
                || facts.value("consent_record").isPresent();
        boolean expired = facts.value("licence_valid_until").isPresent() && !validUntil(facts, "licence_valid_until");
        return !recorded || expired;
    }

    /** Linked accounts are written {@code account=person}, comma-separated; a link of a link is followed. */
    private static boolean samePerson(Facts facts) {
        Map<String, String> links = new TreeMap<>();
        facts.values("linked_accounts").stream()
                .map(link -> link.split("="))
                .filter(link -> link.length == 2)
                .forEach(link -> links.put(normal(link[0]), normal(link[1])));
        Optional<String> annotator = facts.value("annotator").map(id -> person(normal(id), links));
        return annotator.isPresent() && annotator.equals(facts.value("reviewer").map(id -> person(normal(id), links)));
    }

    private static String person(String account, Map<String, String> links) {
        String person = account;
        for (int step = 0; step < links.size(); step++) {
            person = links.getOrDefault(person, person);
        }
        return person;
    }

    private static String normal(String id) {
        return id.strip().toLowerCase(Locale.ROOT);
    }

    /** What is marked in its text alone counts as confidential; what is labelled public is cleared for everyone. */
    private static boolean clearanceTooLow(Facts facts) {
        return level(facts, "clearance", 0) < label(facts);
    }

    private static int label(Facts facts) {
        boolean labelled = facts.value("document_label").isPresent();
        return labelled ? level(facts, "document_label", LEVELS.size()) : LEVELS.indexOf("confidential");
    }

    private static int level(Facts facts, String name, int unknown) {
        int level =
                facts.value(name).map(value -> LEVELS.indexOf(normal(value))).orElse(-1);
        return level < 0 ? unknown : level;
    }

    /** Names of all conditions, for messages. */
    public static List<String> names() {
        return Arrays.asList(ALL.keySet().toArray(String[]::new));
    }
}
