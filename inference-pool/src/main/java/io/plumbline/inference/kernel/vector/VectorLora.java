package io.plumbline.inference.kernel.vector;

import static io.plumbline.inference.kernel.vector.VectorKernels.at;

import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grouped low-rank delta. Rows are grouped by adapter, in ascending order; each sum is taken on its own and added
 * once to its target, so a row's result does not depend on the other rows.
 *
 * @param t [rows, batch.maxRank()]
 */
record VectorLora(WorkerPool pool, LoraBatch batch, long x, long t) {
    private static final int FLOAT = Float.BYTES;
    private static final int POINTER = Long.BYTES;
    private static final int ROWS = 32;
    private static final int COLUMNS = 64;

    private int[] rowsOf(int slot) {
        int count = 0;
        int[] rows = new int[batch.rows()];
        for (int r = 0; r < rows.length; r++) {
            if (batch.adapterOfRow()[r] == slot) {
                rows[count++] = r;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private long inBytes() {
        return (long) batch.in() * FLOAT;
    }

    private long outBytes() {
        return (long) batch.out() * FLOAT;
    }

    private long rankBytes() {
        return (long) batch.maxRank() * FLOAT;
    }

    private static int tasks(int units, int perTask) {
        return (units + perTask - 1) / perTask;
    }

    /** A table of the addresses of listed rows. */
    private static void table(long to, long base, int[] rows, long rowBytes) {
        for (int i = 0; i < rows.length; i++) {
            Native.putLong(to + (long) i * POINTER, base + rows[i] * rowBytes);
        }
    }

    void forward(long y) {
        for (int slot = 0; slot < batch.adapters().size(); slot++) {
            LoraAdapter adapter = batch.adapters().get(slot);
            int[] rows = adapter == null ? new int[0] : rowsOf(slot);
            if (adapter != null && rows.length > 0) {
                forward(adapter, rows, y);
            }
        }
    }

    private void forward(LoraAdapter adapter, int[] rows, long y) {
        int rank = adapter.rank();
        long a = at(adapter.a());
        long b = at(adapter.b());
        long tableBytes = (long) rank * POINTER;
        pool.reserve(tableBytes + rank * outBytes());
        pool.run(tasks(rows.length, ROWS), (task, table) -> {
            long transposed = table + tableBytes;
            int last = Math.min(rows.length, (task + 1) * ROWS);
            Native.rowTable(table, a, rank, inBytes());
            for (int i = task * ROWS; i < last; i++) {
                RowProducts.dots(x + rows[i] * inBytes(), table, rank, batch.in(), t + rows[i] * rankBytes());
            }
            transpose(b, rank, transposed);
            Native.rowTable(table, transposed, rank, outBytes());
            for (int i = task * ROWS; i < last; i++) {
                OuterProducts.of(t + rows[i] * rankBytes(), table, rank, batch.out())
                        .into(y + rows[i] * outBytes(), adapter.scale(), OuterProducts.Mode.ADD);
            }
        });
    }

    /** B[out, rank] as [rank, out]. */
    private void transpose(long b, int rank, long to) {
        for (int n = 0; n < batch.out(); n++) {
            for (int j = 0; j < rank; j++) {
                Native.putFloat(
                        to + j * outBytes() + (long) n * FLOAT, Native.floatAt(b + ((long) n * rank + j) * FLOAT));
            }
        }
    }

    void backward(long dy, List<@Nullable LoraGradient> gradients, long dt, long dx) {
        for (int slot = 0; slot < batch.adapters().size(); slot++) {
            LoraAdapter adapter = batch.adapters().get(slot);
            int[] rows = adapter == null ? new int[0] : rowsOf(slot);
            if (adapter == null || rows.length == 0) {
                continue;
            }
            rowGradients(adapter, rows, dy, dt, dx);
            LoraGradient gradient = gradients.get(slot);
            if (gradient != null) {
                gradientOfB(adapter, rows, dy, at(gradient.b()));
                gradientOfA(adapter, rows, dt, at(gradient.a()));
            }
        }
    }

    /** dt = scale·Bᵀ·dy and dx += Aᵀ·dt. */
    private void rowGradients(LoraAdapter adapter, int[] rows, long dy, long dt, long dx) {
        int rank = adapter.rank();
        long tableOfA = (long) batch.out() * POINTER;
        pool.reserve(tableOfA + (long) rank * POINTER);
        pool.run(tasks(rows.length, ROWS), (task, table) -> {
            Native.rowTable(table, at(adapter.b()), batch.out(), (long) rank * FLOAT);
            Native.rowTable(table + tableOfA, at(adapter.a()), rank, inBytes());
            for (int i = task * ROWS; i < Math.min(rows.length, (task + 1) * ROWS); i++) {
                long dtRow = dt + rows[i] * rankBytes();
                OuterProducts.of(dy + rows[i] * outBytes(), table, batch.out(), rank)
                        .into(dtRow, adapter.scale(), OuterProducts.Mode.SET);
                OuterProducts.of(dtRow, table + tableOfA, rank, batch.in())
                        .into(dx + rows[i] * inBytes(), 1f, OuterProducts.Mode.ADD);
            }
        });
    }

    /** dB[n, :] += scale·Σ_r dy[r, n]·t[r, :]. */
    private void gradientOfB(LoraAdapter adapter, int[] rows, long dy, long db) {
        int rank = adapter.rank();
        long factorTable = (long) rows.length * POINTER;
        pool.reserve(2 * factorTable);
        pool.run(tasks(batch.out(), COLUMNS), (task, table) -> {
            table(table, t, rows, rankBytes());
            table(table + factorTable, dy, rows, outBytes());
            for (int n = task * COLUMNS; n < Math.min(batch.out(), (task + 1) * COLUMNS); n++) {
                new OuterProducts((long) n * FLOAT, table + factorTable, table, rows.length, rank)
                        .into(db + (long) n * rank * FLOAT, adapter.scale(), OuterProducts.Mode.ADD);
            }
        });
    }

    /** dA[j, :] += Σ_r dt[r, j]·x[r, :]; threads split the columns. */
    private void gradientOfA(LoraAdapter adapter, int[] rows, long dt, long da) {
        long factorTable = (long) rows.length * POINTER;
        pool.reserve(2 * factorTable);
        pool.run(tasks(batch.in(), COLUMNS), (task, table) -> {
            int column = task * COLUMNS;
            int columns = Math.min(COLUMNS, batch.in() - column);
            table(table, x + (long) column * FLOAT, rows, inBytes());
            table(table + factorTable, dt, rows, rankBytes());
            for (int j = 0; j < adapter.rank(); j++) {
                new OuterProducts((long) j * FLOAT, table + factorTable, table, rows.length, columns)
                        .into(da + j * inBytes() + (long) column * FLOAT, 1f, OuterProducts.Mode.ADD);
            }
        });
    }
}
