package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.driver.Grid;

/** Elements that do not meet: {@code elementwise.cuh}. */
final class CudaElementwise {
    private final CudaStream stream;

    CudaElementwise(CudaStream stream) {
        this.stream = stream;
    }

    void fill(long count, float value, Buffer x) {
        stream.launch(CudaFunction.FILL, Grid.elements(count), count, value, at(x));
    }

    void scale(long count, float a, Buffer x) {
        stream.launch(CudaFunction.SCALE, Grid.elements(count), count, a, at(x));
    }

    void addScaled(long count, float a, Buffer x, Buffer y) {
        stream.launch(CudaFunction.ADD_SCALED, Grid.elements(count), count, a, at(x), at(y));
    }

    /** @param source points at the first column that is copied, as does {@code target} */
    void copyColumns(int rows, int width, long source, int sourceWidth, long target, int targetWidth) {
        Grid grid = Grid.elements((long) rows * width);
        stream.launch(CudaFunction.COPY_COLUMNS, grid, rows, width, source, sourceWidth, target, targetWidth);
    }
}
