package io.plumbline.compliance.detect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The detectors written in code that rule files may name; all others are data. */
public final class Detectors {
    private static final Map<String, Detector> ALL = all();

    private Detectors() {}

    /** The detector with that id, such as {@code rc:resident-id}. */
    public static Optional<Detector> named(String id) {
        return Optional.ofNullable(ALL.get(id));
    }

    /** Ids of all of them, for messages. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, Detector> all() {
        Map<String, Detector> all = new TreeMap<>();
        List.of(
                        new ResidentIdDetector(),
                        new PaymentCardDetector(),
                        new RegionalIdDetector(),
                        new PhoneDetector(),
                        new EmailDetector(),
                        new ProducerCodeDetector(),
                        new EncodedPayloadDetector(),
                        new InvisibleDetector(),
                        new CanaryDetector(),
                        new OutboundLinkDetector(),
                        new ToolArgumentDetector(),
                        new PrescriptionDetector(),
                        new YoungPatientDetector(),
                        new FactWordsDetector("kw:code-names", "code_names"))
                .forEach(detector -> all.put(detector.id(), detector));
        return all;
    }
}
