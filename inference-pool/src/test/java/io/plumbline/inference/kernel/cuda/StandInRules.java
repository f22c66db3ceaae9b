package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** See {@link WithStandIn}. A test that breaks a rule on purpose is named {@code …IsCaught}. */
final class StandInRules implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        String problem = StandIn.driver().problem();
        StandIn.driver().reset();
        StandIn.compiler().reset();
        if (!context.getRequiredTestMethod().getName().endsWith("IsCaught")) {
            assertThat(problem).isEmpty();
        }
    }
}
