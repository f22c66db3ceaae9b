package io.plumbline.ascend.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.ascend.acl.AclLibrary;
import io.plumbline.ascend.acl.DeviceThread;
import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.ascend.kernel.AscendBackend;
import io.plumbline.ascend.kernel.AscendSetup;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;

/** A test against the stand-in: whatever it does, no rule may be broken and nothing may be left behind. */
@EnabledIf(
        value = "io.plumbline.ascend.standin.StandIn#isBuilt",
        disabledReason = "THE STAND-IN WAS NOT BUILT: no C compiler; install one (apt-get install gcc libc6-dev)")
public abstract class StandInTest {
    protected static final Duration TIMEOUT = Duration.ofSeconds(20);

    protected final StandIn standIn;
    protected final DeviceThread thread = new DeviceThread("test-device");

    protected StandInTest(StandIn standIn) {
        this.standIn = standIn;
    }

    @BeforeEach
    void freshProcess() {
        standIn.reset();
    }

    @AfterEach
    void noRuleWasBrokenAndNothingIsLeft() {
        thread.close();
        assertThat(standIn.violations()).as("violations").isEmpty();
        assertThat(standIn.leaks()).as("leaks").isEmpty();
    }

    protected AclLibrary library() {
        return AclLibrary.open(standIn.files());
    }

    protected AscendBackend backend(SocFamily family) {
        return AscendBackend.open(new AscendSetup(library(), family, 0, TIMEOUT, "stand-in"));
    }

    protected AscendBackend backend() {
        return backend(SocFamily.A2);
    }
}
