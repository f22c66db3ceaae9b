package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.RuleCatalogue;
import java.time.Clock;
import java.time.ZoneId;

/** Ready-made screeners. */
public final class Screeners {
    private Screeners() {}

    /** The rules that ship with Plumbline, the system's date, span digests comparable within this process. */
    public static BundleScreener standard() {
        return new BundleScreener(
                RuleCatalogue.shipped(), Clock.system(ZoneId.systemDefault()), SpanDigest.ofThisProcess());
    }

    /** The rules that ship with Plumbline, with a clock and a key of the caller's. */
    public static BundleScreener standard(Clock clock, SpanDigest digest) {
        return new BundleScreener(RuleCatalogue.shipped(), clock, digest);
    }
}
