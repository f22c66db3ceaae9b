package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.InstructionSet;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/**
 * Prints GFLOPS of matmul and its backward pass at the shapes of SmolLM2-135M. Run it by hand:
 * {@code java -cp test-classes:classes:… io.plumbline.inference.kernel.cpu.MatmulBenchmark [FORMAT] [THREADS] [AVX2]}.
 */
public final class MatmulBenchmark {
    private static final int[][] SHAPES = {{576, 576}, {192, 576}, {1536, 576}, {576, 1536}, {49152, 576}};
    private static final int[] ROWS = {1, 8, 256, 1024};
    private static final double SECONDS = 0.3;

    private MatmulBenchmark() {}

    public static void main(String[] arguments) {
        QuantFormat format = QuantFormat.valueOf(arguments.length > 0 ? arguments[0] : "Q4_1");
        int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        CpuProvider provider =
                arguments.length > 2 ? new CpuProvider(InstructionSet.valueOf(arguments[2])) : new CpuProvider();
        try (Backend backend = provider.open(new BackendOptions(threads));
                Arena arena = Arena.ofConfined()) {
            System.out.println(backend.description() + ", " + format);
            System.out.printf("%14s %6s %12s %12s %12s%n", "W", "rows", "forward", "backward", "GB/s (fwd)");
            for (int[] shape : SHAPES) {
                measureShape(backend, arena, format, shape[0], shape[1]);
            }
        }
    }

    private static void measureShape(Backend backend, Arena arena, QuantFormat format, int out, int in) {
        byte[] blocks = RandomBlocks.of(format, out, in, new Random(1));
        MemorySegment memory = arena.allocate(blocks.length, 64);
        memory.copyFrom(MemorySegment.ofArray(blocks));
        Weight w = backend.memory().upload(memory, format, out, in);
        for (int rows : ROWS) {
            if ((long) rows * out > 30_000_000) {
                continue;
            }
            try (Buffer x = backend.memory().allocate((long) rows * in);
                    Buffer y = backend.memory().allocate((long) rows * out)) {
                double forward = seconds(() -> backend.kernels().matmul(rows, x, w, y));
                double backward = seconds(() -> backend.kernels().matmulBackward(rows, y, w, x));
                double work = 2e-9 * rows * out * in;
                System.out.printf(
                        "%7d×%-6d %6d %12.1f %12.1f %12.1f%n",
                        out, in, rows, work / forward, work / backward, blocks.length * 1e-9 / forward);
            }
        }
    }

    /** The fastest of many runs: the machine may be doing other things. */
    private static double seconds(Runnable operation) {
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            operation.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }
}
