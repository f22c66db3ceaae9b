package io.plumbline.platform.screening;

import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.Screeners;
import io.plumbline.compliance.screen.SpanDigest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Base64;

/** Provides the screener with the rules that ship with the product. */
@ApplicationScoped
class ScreenerProvider {
    @Produces
    @Singleton
    Screener screener(Clock clock, ScreeningConfig config) {
        SpanDigest digest = config.spanKey()
                .map(key -> SpanDigest.withKey(Base64.getDecoder().decode(key)))
                .orElseGet(SpanDigest::ofThisProcess);
        return Screeners.standard(clock, digest);
    }
}
