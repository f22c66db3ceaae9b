package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products with frozen weights, forward and backward. Threads split weight rows or columns, never a sum. */
final class VectorLinear {
    private static final int FLOAT = Float.BYTES;
    /** Fewer multiplications than this are not worth a second thread. */
    private static final long SERIAL_WORK = 1 << 15;

    private static final int TASKS_PER_THREAD = 4;
    /** Weight rows that are unpacked at a time. */
    private static final int PLAIN_ROWS = 32;

    private static final int BACKWARD_WEIGHT_ROWS = 64;
    private static final int BACKWARD_ROWS = 256;
    private static final int MOST_COLUMNS = 512;

    private final WorkerPool pool;
    /** Quantised rows of the call that is running. */
    private float[] quantised = new float[1 << 14];

    VectorLinear(WorkerPool pool) {
        this.pool = pool;
    }

    private static int ceilDivide(int a, int b) {
        return (a + b - 1) / b;
    }

    /** Units per task: enough tasks to share out evenly, or all in one if there is little to do. */
    private int unitsPerTask(int units, long work) {
        return work < SERIAL_WORK ? units : Math.max(1, ceilDivide(units, TASKS_PER_THREAD * pool.threads()));
    }

    void embed(VectorWeight table, int[] tokens, float scale, long out) {
        int width = table.columns();
        pool.run(tokens.length, (i, _) -> {
            long to = out + (long) i * width * FLOAT;
            table.unpack(tokens[i], 0, width, to);
            RowFunctions.scale(to, width, scale);
        });
    }

    void matmul(int rows, long x, VectorWeight w, long y) {
        PackedMatrix packed = w.packed();
        if (rows == 0) {
            return;
        }
        if (packed == null) {
            plain(rows, x, w, y);
        } else if (w.activations() == ActivationPrecision.INT8) {
            integer(rows, packed, quantise(rows, x, w.columns()), y);
        } else {
            floats(rows, x, packed, y);
        }
    }

    /** Quantises the rows once for all weights that take them so. */
    void matmulShared(int rows, long x, List<Weight> weights, List<Buffer> outputs) {
        @Nullable QuantisedRows shared = null;
        for (int i = 0; i < weights.size() && rows > 0; i++) {
            VectorWeight w = (VectorWeight) weights.get(i);
            PackedMatrix packed = w.packed();
            long y = VectorKernels.at(outputs.get(i));
            if (packed != null && w.activations() == ActivationPrecision.INT8) {
                shared = shared == null ? quantise(rows, x, w.columns()) : shared;
                integer(rows, packed, shared, y);
            } else {
                matmul(rows, x, w, y);
            }
        }
    }

    private QuantisedRows quantise(int rows, long x, int columns) {
        int length = Math.multiplyExact(rows, QuantisedRows.rowLength(columns));
        if (length > quantised.length) {
            quantised = new float[length + length / 4];
        }
        QuantisedRows all = new QuantisedRows(quantised, columns);
        int perTask = unitsPerTask(rows, (long) rows * columns);
        pool.run(ceilDivide(rows, perTask), (task, _) -> {
            for (int r = task * perTask; r < Math.min(rows, (task + 1) * perTask); r++) {
                all.quantise(x + (long) r * columns * FLOAT, r);
            }
        });
        return all;
    }

    private void integer(int rows, PackedMatrix w, QuantisedRows x, long y) {
        int perTask = unitsPerTask(w.tiles(), (long) rows * w.rows() * w.columns());
        long stride = (long) w.rows() * FLOAT;
        pool.run(ceilDivide(w.tiles(), perTask), (task, _) -> {
            for (int tile = task * perTask; tile < Math.min(w.tiles(), (task + 1) * perTask); tile++) {
                long to = y + (long) tile * Lanes.WIDTH;
                int r = 0;
                for (; r + IntegerProducts.ROWS <= rows; r += IntegerProducts.ROWS) {
                    IntegerProducts.fourRows(w, tile, x, r, to + r * stride, stride);
                }
                for (; r < rows; r++) {
                    IntegerProducts.oneRow(w, tile, x, r, to + r * stride);
                }
            }
        });
    }

    private void floats(int rows, long x, PackedMatrix w, long y) {
        int perTask = unitsPerTask(w.tiles(), (long) rows * w.rows() * w.columns());
        long stride = (long) w.rows() * FLOAT;
        long rowBytes = (long) w.columns() * FLOAT;
        pool.reserve(FloatProducts.SCRATCH_BYTES);
        pool.run(ceilDivide(w.tiles(), perTask), (task, scratch) -> {
            for (int tile = task * perTask; tile < Math.min(w.tiles(), (task + 1) * perTask); tile++) {
                long to = y + (long) tile * Lanes.WIDTH;
                int r = 0;
                for (; r + FloatProducts.ROWS <= rows; r += FloatProducts.ROWS) {
                    FloatProducts.fourRows(w, tile, x + r * rowBytes, to + r * stride, stride, scratch);
                }
                for (; r < rows; r++) {
                    FloatProducts.oneRow(w, tile, x + r * rowBytes, to + r * stride, scratch);
                }
            }
        });
    }

    /** Weights without blocks: a few rows at a time as floats, against every row of x. */
    private void plain(int rows, long x, VectorWeight w, long y) {
        int columns = w.columns();
        long rowBytes = (long) columns * FLOAT;
        long tableBytes = PLAIN_ROWS * Long.BYTES;
        pool.reserve(tableBytes + PLAIN_ROWS * rowBytes);
        pool.run(ceilDivide(w.rows(), PLAIN_ROWS), (task, table) -> {
            long tile = table + tableBytes;
            int first = task * PLAIN_ROWS;
            int here = Math.min(PLAIN_ROWS, w.rows() - first);
            for (int n = 0; n < here; n++) {
                long row = w.isFloats() ? w.floatRow(first + n) : tile + n * rowBytes;
                if (!w.isFloats()) {
                    w.unpack(first + n, 0, columns, row);
                }
                Native.putLong(table + (long) n * Long.BYTES, row);
            }
            for (int r = 0; r < rows; r++) {
                long to = y + ((long) r * w.rows() + first) * FLOAT;
                RowProducts.dots(x + r * rowBytes, table, here, columns, to);
            }
        });
    }

    /** dx += dy·W, weight rows ascending; threads split dx's columns, and its rows where there are many. */
    void matmulBackward(int rows, long dy, VectorWeight w, long dx) {
        int fair = ceilDivide(ceilDivide(w.columns(), pool.threads()), PackedMatrix.BLOCK) * PackedMatrix.BLOCK;
        int piece = Math.min(MOST_COLUMNS, fair);
        int pieces = ceilDivide(w.columns(), piece);
        long tableBytes = BACKWARD_WEIGHT_ROWS * Long.BYTES;
        pool.reserve(tableBytes + (long) BACKWARD_WEIGHT_ROWS * piece * FLOAT);
        pool.run(pieces * ceilDivide(rows, BACKWARD_ROWS), (task, table) -> {
            int column = task % pieces * piece;
            int columns = Math.min(piece, w.columns() - column);
            int firstRow = task / pieces * BACKWARD_ROWS;
            int lastRow = Math.min(rows, firstRow + BACKWARD_ROWS);
            long tile = table + tableBytes;
            Native.rowTable(table, tile, BACKWARD_WEIGHT_ROWS, (long) columns * FLOAT);
            for (int n = 0; n < w.rows(); n += BACKWARD_WEIGHT_ROWS) {
                int here = Math.min(BACKWARD_WEIGHT_ROWS, w.rows() - n);
                for (int i = 0; i < here; i++) {
                    w.unpack(n + i, column, columns, tile + (long) i * columns * FLOAT);
                }
                for (int r = firstRow; r < lastRow; r++) {
                    OuterProducts.of(dy + ((long) r * w.rows() + n) * FLOAT, table, here, columns)
                            .into(dx + ((long) r * w.columns() + column) * FLOAT, 1f, OuterProducts.Mode.CONTINUE);
                }
            }
        });
    }
}
