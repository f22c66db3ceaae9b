package io.plumbline.compliance.rule;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * When a rule applies.
 *
 * @param packs {@code GLOBAL}, {@code CN}, {@code US}, {@code EU}, {@code INTL}
 * @param stages where it looks
 * @param publicOnly whether it speaks only to patients, investors and operators
 * @param from first day
 * @param to last day; empty = open
 */
public record Scope(Set<String> packs, Set<Stage> stages, boolean publicOnly, LocalDate from, Optional<LocalDate> to) {
    /** The pack that every tenant runs. */
    public static final String GLOBAL = "GLOBAL";

    /** Packs that stand for a jurisdiction. */
    public static final Set<String> JURISDICTIONS = Set.of("CN", "US", "EU", "INTL");

    public Scope {
        packs = Set.copyOf(packs);
        stages = Set.copyOf(EnumSet.copyOf(stages));
    }

    /** Whether the rule is in force on that day. */
    public boolean inForce(LocalDate day) {
        return !day.isBefore(from) && to.filter(last -> day.isAfter(last)).isEmpty();
    }

    /**
     * Whether a tenant with these packs runs a rule of this scope. The floor always runs, and any rule can be turned on by
     * its id. Professional rules need their domain, and their jurisdiction if the tenant named any. The others need their
     * jurisdiction or their domain.
     */
    public boolean turnedOn(RuleId id, Set<String> tenantPacks) {
        if (packs.contains(GLOBAL) || tenantPacks.contains(id.value())) {
            return true;
        }
        boolean domain = tenantPacks.contains(id.domain().name());
        boolean jurisdiction = packs.stream().anyMatch(tenantPacks::contains);
        if (!id.domain().professional()) {
            return domain || jurisdiction;
        }
        boolean anyNamed = tenantPacks.stream().anyMatch(JURISDICTIONS::contains);
        return domain && (jurisdiction || !anyNamed || packs.isEmpty());
    }
}
