package io.plumbline.compliance.screen;

import io.plumbline.inference.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Under which rules a text is screened.
 *
 * @param tenant whose text it is
 * @param packs what the tenant turned on: domains ({@code MED}, {@code FIN}, {@code IND}, …), jurisdictions ({@code CN},
 *     {@code US}, {@code EU}, {@code INTL}) and single rules ({@code PRI-005}); {@code GLOBAL} always applies
 * @param audience who reads the answers
 * @param metadata what metadata rules look at; the README of this module lists the names
 * @param dialogue what was said before the text, oldest first, one message a paragraph; empty if nothing. For an answer:
 *     the messages of the request.
 */
public record ScreenContext(
        TenantId tenant, Set<String> packs, Audience audience, Map<String, String> metadata, String dialogue) {
    public ScreenContext {
        packs = Set.copyOf(packs);
        metadata = Map.copyOf(metadata);
    }

    /** A context without anything said before. */
    public ScreenContext(TenantId tenant, Set<String> packs, Audience audience, Map<String, String> metadata) {
        this(tenant, packs, audience, metadata, "");
    }

    /** The same context for a text that follows this dialogue. */
    public ScreenContext following(String said) {
        return new ScreenContext(tenant, packs, audience, metadata, said);
    }

    /** The same context with further or other metadata. */
    public ScreenContext with(Map<String, String> more) {
        Map<String, String> merged = new HashMap<>(metadata);
        merged.putAll(more);
        return new ScreenContext(tenant, packs, audience, merged, dialogue);
    }
}
