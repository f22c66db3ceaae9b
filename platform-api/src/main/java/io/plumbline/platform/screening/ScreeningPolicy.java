package io.plumbline.platform.screening;

import io.plumbline.compliance.screen.Audience;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which rules apply beside the global floor.
 *
 * @param packs domains (MED, FIN, IND), jurisdictions (CN, US, EU, INTL) and single rules (PRI-005) turned on
 * @param audience who reads the answers
 */
public record ScreeningPolicy(Set<String> packs, Audience audience) {
    private static final Pattern PACK = Pattern.compile("[A-Z]{2,8}(-[0-9]{3}|-PUBLIC)?");

    /** The floor alone. */
    public static final ScreeningPolicy FLOOR = new ScreeningPolicy(Set.of(), Audience.PUBLIC);

    public ScreeningPolicy {
        packs = Set.copyOf(new TreeSet<>(packs));
        packs.forEach(pack -> {
            if (!PACK.matcher(pack).matches()) {
                throw new IllegalArgumentException(
                        "'%s' is no pack; there are domains (MED, FIN, IND), jurisdictions (CN, US, EU, INTL) and single rules (PRI-005)"
                                .formatted(pack));
            }
        });
    }
}
