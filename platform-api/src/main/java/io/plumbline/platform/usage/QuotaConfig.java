package io.plumbline.platform.usage;

import io.smallrye.config.ConfigMapping;
import java.util.Map;
import java.util.OptionalLong;

/** What tenants may use. */
@ConfigMapping(prefix = "plumbline.quota")
public interface QuotaConfig {
    /** Tokens a day (UTC) and tenant, prompts included; empty = no limit. */
    OptionalLong tokensPerDay();

    /** Tokens a day of particular tenants, instead of {@link #tokensPerDay}. */
    Map<String, Long> tenantTokensPerDay();
}
