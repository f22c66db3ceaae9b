package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocFamilyTest {
    @ParameterizedTest
    @CsvSource({
        "Ascend310P3,A310P",
        "Ascend310B1,A310B",
        "Ascend910B1,A2",
        "Ascend910B4,A2",
        "Ascend910B4-1,A2",
        "Ascend910_9391,A3",
        "Ascend910_9362,A3",
        "Ascend910_9599,A950",
        "Ascend950PR,A950",
        "Ascend910A,A910A",
        "Ascend910PremiumA,A910A",
        "Ascend910,A910A",
        // the name without a digit is an old training card
        "Ascend910B,A910A",
    })
    void theNameTellsTheFamily(String name, SocFamily family) {
        assertThat(SocFamily.of(name)).contains(family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ascend", "Ascend310", "Ascend920", "ascend910b3", "Kunpeng920"})
    void anUnknownNameIsNotGuessed(String name) {
        assertThat(SocFamily.of(name)).isEmpty();
    }

    @Test
    void oldFamiliesAreRefused() {
        assertThat(SocFamily.A910A.refusal()).isPresent();
        assertThat(SocFamily.A310B.refusal()).isPresent();
        assertThat(SocFamily.A2.refusal()).isEmpty();
    }
}
