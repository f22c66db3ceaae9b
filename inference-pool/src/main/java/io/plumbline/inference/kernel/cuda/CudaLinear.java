package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.util.ArrayList;
import java.util.List;

/** Products with frozen weights: {@code packed.cuh}, {@code products.cuh}, {@code integer.cuh}. */
final class CudaLinear {
    private static final int THREADS = 256;
    private static final int TILE_ROWS = 16;
    private static final int BLOCK = 32;
    /** Blocks that a multiprocessor runs at once at least. */
    private static final int BLOCKS_PER_PROCESSOR = 2;

    private static final int PANEL_ROWS = 8;
    /** Bytes of a record of a panel. */
    private static final long RECORD_BYTES = 384;
    /** Products that the integer kernels take in one launch. */
    private static final int PRODUCTS = 3;
    /** Rows above which a warp's tile of weights is worth many rows of activations. */
    private static final int FEW_ROWS = 16;

    private static final int MANY_ROWS = 64;
    private static final int MOST_WARPS = 8;

    private final CudaStream stream;
    /** Blocks of a launch that keep the whole device busy. */
    private final int enoughBlocks;

    CudaLinear(CudaStream stream) {
        this.stream = stream;
        this.enoughBlocks = BLOCKS_PER_PROCESSOR * stream.multiprocessors();
    }

    private static CudaWeight own(Weight weight) {
        return (CudaWeight) weight;
    }

    void embed(Weight table, int[] tokens, float scale, Buffer out) {
        int share = table.format().isBlocks() ? table.columns() / 8 : table.columns();
        long staged = stream.upload(tokens)[0];
        stream.launch(
                CudaFunction.EMBED,
                Grid.elements((long) tokens.length * share),
                own(table).address(),
                table.format().ggmlType(),
                table.columns(),
                staged,
                tokens.length,
                scale,
                at(out));
    }

    void matmul(int rows, Buffer x, Weight w, Buffer y) {
        matmulShared(rows, x, List.of(w), List.of(y));
    }

    void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        List<Product> integer = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Product product = new Product(own(weights.get(i)), outputs.get(i));
            switch (product.weight().activations()) {
                case FLOAT32 -> multiply(rows, x, product);
                case INT8 -> integer.add(product);
            }
        }
        if (!integer.isEmpty()) {
            multiplyIntegers(rows, x, integer);
        }
    }

    private record Product(CudaWeight weight, Buffer y) {
        int tiles() {
            return Math.ceilDiv(weight.rows(), TILE_ROWS);
        }
    }

    private void multiply(int rows, Buffer x, Product product) {
        CudaWeight w = product.weight();
        Tile tile = Tile.of(rows);
        Grid grid = Grid.of(Math.ceilDiv(w.rows(), tile.features), Math.ceilDiv(rows, tile.rows), THREADS);
        long weights = w.address();
        stream.launch(
                tile.function,
                grid,
                rows,
                at(x),
                weights,
                w.format().ggmlType(),
                w.rows(),
                w.columns(),
                at(product.y()));
    }

    /** Tiles of {@code products.cuh}: rows of activations by output features. */
    private enum Tile {
        ONE(CudaFunction.MATMUL_1, 1, 16),
        FOUR(CudaFunction.MATMUL_4, 4, 16),
        SIXTEEN(CudaFunction.MATMUL_16, 16, 16),
        THIRTY_TWO(CudaFunction.MATMUL_32, 32, 32);

        private final CudaFunction function;
        private final int rows;
        private final int features;

        Tile(CudaFunction function, int rows, int features) {
            this.function = function;
            this.rows = rows;
            this.features = features;
        }

        static Tile of(int rows) {
            return rows <= 1 ? ONE : rows <= 4 ? FOUR : rows <= 16 ? SIXTEEN : THIRTY_TWO;
        }
    }

    /** Quantises the rows once, then as few launches as there may be. */
    private void multiplyIntegers(int rows, Buffer x, List<Product> products) {
        int columns = products.getFirst().weight().columns();
        int records = Math.ceilDiv(rows, PANEL_ROWS) * (columns / BLOCK);
        long panels = stream.workspace(records * RECORD_BYTES);
        Grid grid = Grid.elements((long) records * PANEL_ROWS * 8);
        stream.launch(CudaFunction.QUANTISE_ROWS, grid, rows, columns, at(x), panels);
        for (int from = 0; from < products.size(); from += PRODUCTS) {
            List<Product> together = products.subList(from, Math.min(products.size(), from + PRODUCTS));
            if (rows <= FEW_ROWS) {
                CudaFunction function = rows <= PANEL_ROWS ? CudaFunction.MATMUL_FEW_8 : CudaFunction.MATMUL_FEW_16;
                launch(function, Grid.of(runs(together, 1), THREADS), rows, columns, panels, together);
            } else {
                int down = Math.ceilDiv(rows, MANY_ROWS);
                int warps = MOST_WARPS;
                while (warps > 1 && runs(together, warps) * (long) down < enoughBlocks) {
                    warps /= 2;
                }
                Grid many = Grid.of(runs(together, warps), down, warps * 32);
                launch(CudaFunction.MATMUL_MANY, many, rows, columns, panels, together);
            }
        }
    }

    /** Blocks that take so many tiles each; no block has tiles of two products. */
    private static int runs(List<Product> products, int tiles) {
        return products.stream().mapToInt(p -> Math.ceilDiv(p.tiles(), tiles)).sum();
    }

    private void launch(CudaFunction function, Grid grid, int rows, int columns, long panels, List<Product> products) {
        Object[] arguments = new Object[3 + 4 * PRODUCTS];
        arguments[0] = rows;
        arguments[1] = columns;
        arguments[2] = panels;
        for (int i = 0; i < PRODUCTS; i++) {
            boolean present = i < products.size();
            Product product = products.get(present ? i : 0);
            arguments[3 + 4 * i] = product.weight().address();
            arguments[4 + 4 * i] = product.weight().format().ggmlType();
            arguments[5 + 4 * i] = present ? product.weight().rows() : 0;
            arguments[6 + 4 * i] = at(product.y());
        }
        stream.launch(function, grid, arguments);
    }

    void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        BackwardTile tile = BackwardTile.of(rows, w.columns(), enoughBlocks);
        Grid grid = tile.grid(rows, w.columns());
        long weights = own(w).address();
        stream.launch(tile.function, grid, rows, at(dy), weights, w.format().ggmlType(), w.rows(), w.columns(), at(dx));
    }

    /** Tiles of the gradient: rows by 64 columns. */
    private enum BackwardTile {
        MANY(CudaFunction.MATMUL_BACKWARD_128, 128),
        SOME(CudaFunction.MATMUL_BACKWARD_64, 64),
        FEW(CudaFunction.MATMUL_BACKWARD_16, 16);

        private static final int COLUMNS = 64;

        private final CudaFunction function;
        private final int rows;

        BackwardTile(CudaFunction function, int rows) {
            this.function = function;
            this.rows = rows;
        }

        /** The largest with which the whole device is busy. */
        static BackwardTile of(int rows, int columns, int enoughBlocks) {
            for (BackwardTile tile : values()) {
                Grid grid = tile.grid(rows, columns);
                if ((long) grid.blocksX() * grid.blocksY() >= enoughBlocks) {
                    return tile;
                }
            }
            return FEW;
        }

        Grid grid(int count, int columns) {
            return Grid.of(Math.ceilDiv(columns, COLUMNS), Math.ceilDiv(count, rows), THREADS);
        }
    }
}
