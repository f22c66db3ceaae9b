package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.platform.error.InvalidRequest;
import java.math.BigDecimal;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A number, or {@code "auto"}.
 *
 * @param value as JSON had it
 */
@Schema(name = "AutoOrNumber", description = "a number, or \"auto\"")
record AutoOr(@JsonValue JsonNode value) {
    private static final String AUTO = "auto";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    AutoOr {}

    /** Empty for {@code "auto"}. */
    Optional<Integer> asInteger(String param) {
        if (isAuto()) {
            return Optional.empty();
        }
        if (!value.isNumber() || !isWhole(value.decimalValue())) {
            throw new InvalidRequest(param, "'%s' is \"auto\" or a whole number, not %s.".formatted(param, value));
        }
        BigDecimal number = value.decimalValue();
        // Far outside every range; which one is told by whoever knows it.
        return Optional.of(number.min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .max(BigDecimal.valueOf(Integer.MIN_VALUE))
                .intValueExact());
    }

    /** Empty for {@code "auto"}. */
    Optional<Double> asDouble(String param) {
        if (isAuto()) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw new InvalidRequest(param, "'%s' is \"auto\" or a number, not %s.".formatted(param, value));
        }
        return Optional.of(value.doubleValue());
    }

    private boolean isAuto() {
        return value.isTextual() && value.textValue().equals(AUTO);
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }
}
