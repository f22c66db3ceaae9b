package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AclDataType;
import io.plumbline.ascend.acl.DeviceBlock;
import io.plumbline.ascend.acl.TensorView;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;

/**
 * A weight on the device, cut into runs of output features because the matmul takes at most 65535 at a time.
 *
 * @param parts in the order of output features
 * @param onClose gives the parts back
 */
record AscendWeight(QuantFormat format, int rows, int columns, DeviceLayout layout, List<Part> parts, Runnable onClose)
        implements Weight {
    /**
     * Output features {@code from} to {@code from + count}.
     *
     * @param quants integers [k, stored]
     * @param scales float16 [k / 32, stored]
     */
    record Part(int from, int count, int stored, DeviceBlock quants, DeviceBlock scales) {}

    TensorView quants(Part part) {
        return TensorView.matrix(part.quants(), layout.type(), columns, part.stored());
    }

    TensorView scales(Part part) {
        return TensorView.matrix(part.scales(), AclDataType.FLOAT16, columns / DeviceLayout.GROUP, part.stored());
    }

    /** 0 says one group for all: a single group must not be given as such. */
    int groupSize() {
        return columns == DeviceLayout.GROUP ? 0 : DeviceLayout.GROUP;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
