package io.plumbline.inference.kernel.cuda.driver;

/**
 * The threads of a launch. A grid without blocks computes nothing.
 *
 * @param blocksX blockIdx.x is below this
 * @param blocksY blockIdx.y is below this
 * @param blocksZ blockIdx.z is below this
 * @param threadsX threads of a block: threadIdx.x is below this
 * @param threadsY threadIdx.y is below this
 * @param sharedBytes shared memory of a block beyond what the kernel declares
 */
public record Grid(int blocksX, int blocksY, int blocksZ, int threadsX, int threadsY, int sharedBytes) {
    /** Limits of every compute capability from 7.0 on. */
    private static final int MOST_BLOCKS_YZ = 65_535;

    private static final int MOST_THREADS = 1024;
    /** Threads of a block where elements do not meet. */
    private static final int ELEMENTWISE_THREADS = 256;
    /** Enough blocks to fill the largest device several times; kernels loop over the rest. */
    private static final int ELEMENTWISE_BLOCKS = 4096;

    public Grid {
        if (blocksX < 0 || blocksY < 0 || blocksY > MOST_BLOCKS_YZ || blocksZ < 0 || blocksZ > MOST_BLOCKS_YZ) {
            throw new IllegalArgumentException("a grid of %d × %d × %d blocks".formatted(blocksX, blocksY, blocksZ));
        }
        if (threadsX < 1 || threadsY < 1 || threadsX * threadsY > MOST_THREADS) {
            throw new IllegalArgumentException("a block of %d × %d threads".formatted(threadsX, threadsY));
        }
        if (sharedBytes < 0) {
            throw new IllegalArgumentException("%d bytes of shared memory".formatted(sharedBytes));
        }
    }

    /** A row of blocks. */
    public static Grid of(int blocks, int threads) {
        return of(blocks, 1, 1, threads);
    }

    /** Blocks in two dimensions, each a row of threads. */
    public static Grid of(int blocksX, int blocksY, int threads) {
        return of(blocksX, blocksY, 1, threads);
    }

    /** Blocks in three dimensions, each a row of threads. */
    public static Grid of(int blocksX, int blocksY, int blocksZ, int threads) {
        return new Grid(blocksX, blocksY, blocksZ, threads, 1, 0);
    }

    /** For kernels that loop over {@code count} elements by {@code pl_thread} and {@code pl_threads}. */
    public static Grid elements(long count) {
        return of(
                (int) Math.min(ELEMENTWISE_BLOCKS, Math.ceilDiv(count, (long) ELEMENTWISE_THREADS)),
                ELEMENTWISE_THREADS);
    }

    /** The same with so much shared memory on demand. */
    public Grid withShared(int bytes) {
        return new Grid(blocksX, blocksY, blocksZ, threadsX, threadsY, bytes);
    }

    boolean isEmpty() {
        return blocksX == 0 || blocksY == 0 || blocksZ == 0;
    }
}
