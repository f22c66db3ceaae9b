package io.plumbline.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.kernel.KeyValuePrecision;
import org.junit.jupiter.api.Test;

class KeyValuePrecisionSettingTest {
    @Test
    void floatsAreTheDefaultAndTheSettingIsInThePlainWords() {
        assertThat(ConfiguredPool.of().keyValuePrecision()).isEqualTo(KeyValuePrecision.FLOAT32);
        assertThat(ConfiguredPool.of("key-value-precision", "float32").keyValuePrecision())
                .isEqualTo(KeyValuePrecision.FLOAT32);
        assertThat(ConfiguredPool.of("key-value-precision", "int8").keyValuePrecision())
                .isEqualTo(KeyValuePrecision.INT8);
    }

    @Test
    void anotherWordIsRefusedWithTheChoices() {
        assertThatThrownBy(() -> ConfiguredPool.of("key-value-precision", "int4"))
                .hasMessageContaining("key-value-precision")
                .hasMessageContaining("int8");
    }
}
