package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AclDataType;
import io.plumbline.inference.quant.QuantFormat;
import java.util.Arrays;
import java.util.Optional;

/** Block formats that have a layout on the device: integers per element and one float16 scale per block of 32. */
enum DeviceLayout {
    /** Unsigned nibbles around 8 become signed nibbles: the same bits with the highest turned. */
    INT4(QuantFormat.Q4_0, AclDataType.INT4),
    INT8(QuantFormat.Q8_0, AclDataType.INT8);

    /** Elements that share a scale. */
    static final int GROUP = 32;

    private final QuantFormat format;
    private final AclDataType type;

    DeviceLayout(QuantFormat format, AclDataType type) {
        this.format = format;
        this.type = type;
    }

    AclDataType type() {
        return type;
    }

    QuantFormat format() {
        return format;
    }

    static Optional<DeviceLayout> of(QuantFormat format) {
        return Arrays.stream(values()).filter(layout -> layout.format == format).findFirst();
    }

    /** Columns as stored: two nibbles share a byte, so their number is even. */
    int storedColumns(int columns) {
        return this == INT4 ? columns + columns % 2 : columns;
    }
}
