package io.plumbline.inference.conversion;

import io.plumbline.inference.model.ExportedTensor;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Packs the rows of tensors on several threads, in pieces, so that no more than a few megabytes of a model are in memory
 * as floats.
 *
 * @param source the file that tensors come from, for messages
 * @param threads workers
 * @param workers where they run
 */
record TensorPacker(Path source, int threads, ExecutorService workers) {
    private static final int PIECE_ELEMENTS = 1 << 18;

    /** The largest magnitude that scales and values in float16 hold. */
    private static final float LARGEST = 65_504f;

    /** The tensor as it will be written. */
    GgufTensor packed(ExportedTensor tensor, QuantFormat format) {
        return new GgufTensor(tensor.name(), format, tensor.dimensions(), sink -> write(tensor, format, sink));
    }

    private void write(ExportedTensor tensor, QuantFormat format, GgufTensor.Sink sink) throws IOException {
        int rows = tensor.rows();
        int rowsPerPiece = Math.max(1, PIECE_ELEMENTS / tensor.columns());
        Deque<Future<byte[]>> pending = new ArrayDeque<>();
        try {
            for (int first = 0; first < rows; first += rowsPerPiece) {
                int from = first;
                int count = Math.min(rowsPerPiece, rows - first);
                pending.add(workers.submit(() -> piece(tensor, format, from, count)));
                if (pending.size() > 2 * threads) {
                    sink.accept(await(pending.remove()));
                }
            }
            while (!pending.isEmpty()) {
                sink.accept(await(pending.remove()));
            }
        } finally {
            pending.forEach(task -> task.cancel(true));
        }
    }

    private byte[] piece(ExportedTensor tensor, QuantFormat format, int first, int count) {
        if (tensor.isUnchanged() && tensor.format() == format) {
            return tensor.storedRows(first, count);
        }
        float[] values = tensor.floatRows(first, count);
        check(tensor, format, first, values);
        return Quantizer.quantize(format, values, 0, values.length);
    }

    private void check(ExportedTensor tensor, QuantFormat format, int firstRow, float[] values) {
        float limit = format == QuantFormat.F32 || format == QuantFormat.BF16 ? Float.MAX_VALUE : LARGEST;
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= limit)) {
                throw new BrokenModelFileException(
                        source,
                        -1,
                        "the tensor '%s' holds %s in row %d, which %s cannot hold"
                                .formatted(tensor.sourceName(), values[i], firstRow + i / tensor.columns(), format),
                        "The weights are damaged or were never meant for this format; download or convert them again.");
            }
        }
    }

    private static byte[] await(Future<byte[]> piece) throws IOException {
        try {
            return piece.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
