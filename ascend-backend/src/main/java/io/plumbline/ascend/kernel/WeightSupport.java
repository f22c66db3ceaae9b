package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.FunctionTables;
import io.plumbline.ascend.acl.OperatorName;
import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.inference.quant.QuantFormat;
import java.util.Optional;

/** Which weight formats a family of devices multiplies. */
final class WeightSupport {
    private WeightSupport() {}

    /** Why not, with the way on; empty if it does. */
    static Optional<String> refusal(QuantFormat format, SocFamily family) {
        Optional<DeviceLayout> layout = DeviceLayout.of(format);
        if (layout.isEmpty()) {
            return Optional.of(
                    "the ascend backend has no device layout for %s weights (it has one for Q4_0 and Q8_0); use a model in one of these formats or the backend 'cpu'"
                            .formatted(format));
        }
        boolean known = FunctionTables.operator(OperatorName.WEIGHT_QUANT_MATMUL_V2)
                .supports(family, layout.get().type());
        // Documented for int8 on 310P, yet peers find the quantised matmul per group unusable there.
        if (!known || family == SocFamily.A310P) {
            return Optional.of(
                    "Ascend %s does not multiply %s weights per group; use an A2 or A3 device or the backend 'cpu'"
                            .formatted(family.title(), format));
        }
        return Optional.empty();
    }
}
