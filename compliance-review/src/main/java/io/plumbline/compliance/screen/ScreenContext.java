package io.plumbline.compliance.screen;

import io.plumbline.inference.TenantId;
import java.util.Map;
import java.util.Set;

/**
 * Under which rules a text is screened.
 *
 * @param tenant whose text it is
 * @param packs packs the tenant turned on: domains ({@code MED}, {@code FIN}, {@code IND}) and jurisdictions ({@code
 *     CN}, {@code US}, {@code EU}, {@code INTL}); {@code GLOBAL} always applies
 * @param audience who reads the answers
 * @param metadata what metadata rules look at, such as {@code deployment}, {@code model}, {@code producer_code}
 */
public record ScreenContext(TenantId tenant, Set<String> packs, Audience audience, Map<String, String> metadata) {
    public ScreenContext {
        packs = Set.copyOf(packs);
        metadata = Map.copyOf(metadata);
    }
}
