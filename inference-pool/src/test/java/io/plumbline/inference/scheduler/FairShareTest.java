package io.plumbline.inference.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plumbline.inference.TenantId;
import org.junit.jupiter.api.Test;

class FairShareTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");

    private final FairShare<TenantId> share = new FairShare<>();

    @Test
    void countsTokens() {
        share.enter(HOSPITAL);
        share.enter(BROKER);
        share.charge(HOSPITAL, 100);
        assertTrue(share.served(BROKER) < share.served(HOSPITAL));
        share.charge(BROKER, 101);
        assertTrue(share.served(HOSPITAL) < share.served(BROKER));
    }

    @Test
    void aNewcomerHasNoClaimOnThePast() {
        share.enter(HOSPITAL);
        share.charge(HOSPITAL, 1000);
        share.enter(BROKER);
        assertEquals(share.served(HOSPITAL), share.served(BROKER));
    }

    @Test
    void leavingAndComingBackDoesNotWipeOutWhatWasHad() {
        share.enter(HOSPITAL);
        share.enter(BROKER);
        share.charge(HOSPITAL, 1000);
        share.leave(HOSPITAL);
        share.enter(HOSPITAL);
        assertEquals(1000, share.served(HOSPITAL) - share.served(BROKER));
    }

    @Test
    void anIdleEngineForgets() {
        share.enter(HOSPITAL);
        share.charge(HOSPITAL, 1000);
        share.leave(HOSPITAL);
        assertEquals(0, share.served(HOSPITAL));
    }

    @Test
    void onlyWhoIsHereCanBeChargedOrLeave() {
        assertThrows(IllegalStateException.class, () -> share.charge(HOSPITAL, 1));
        assertThrows(IllegalStateException.class, () -> share.leave(HOSPITAL));
    }
}
