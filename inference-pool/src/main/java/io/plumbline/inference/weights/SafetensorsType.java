package io.plumbline.inference.weights;

import io.plumbline.inference.quant.QuantFormat;
import java.util.Arrays;
import java.util.Optional;

/** Element types of safetensors files that this product reads. */
public enum SafetensorsType {
    F64(8),
    I64(8),
    F32(4),
    I32(4),
    F16(2),
    BF16(2),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    static Optional<SafetensorsType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** The weight format of the same layout; empty for types that are never weights. */
    public Optional<QuantFormat> weightFormat() {
        return switch (this) {
            case F32 -> Optional.of(QuantFormat.F32);
            case F16 -> Optional.of(QuantFormat.F16);
            case BF16 -> Optional.of(QuantFormat.BF16);
            case F64, I64, I32, I16, I8, U8, BOOL -> Optional.empty();
        };
    }
}
