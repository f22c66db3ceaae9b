package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ffm.MachinePeaks;
import java.util.Collection;
import java.util.Comparator;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * One case: its best iteration, and the best tries of the peaks that were measured in turn with its iterations.
 *
 * @param runs a second
 * @param bytes a second, read or written
 * @param fromMemory which part of them lies in memory; the rest lies in caches
 * @param bytesPeak how many this machine moves at most of such bytes where they lie
 * @param operations a second
 * @param operationsPeak the same of this machine; 0 if this processor has no such instructions
 * @param arithmetic what the operations are taken in
 * @param threads that the kernel has
 */
record Measured(
        double runs,
        double bytes,
        double fromMemory,
        double bytesPeak,
        double operations,
        double operationsPeak,
        Cost.Arithmetic arithmetic,
        int threads) {
    /** Without a word of the system about its caches, operands of so many bytes count as memory. */
    private static final double MEMORY_SET = 64e6;

    /** Whether operands of so many bytes lie in memory rather than in a cache. */
    static boolean inMemory(double set) {
        long cache = MachinePeaks.lastLevelCache();
        return set > (cache == 0 ? MEMORY_SET : cache);
    }

    static Measured of(BenchmarkResult result) {
        Collection<IterationResult> iterations = result.getIterationResults();
        IterationResult best = iterations.stream()
                .max(Comparator.comparingDouble(
                        iteration -> iteration.getPrimaryResult().getScore()))
                .orElseThrow();
        double runs = best.getPrimaryResult().getScore();
        var resident = new Cost.Resident(told(best, "read"), told(best, "written"), told(best, "set"));
        double streamed = told(best, "streamed");
        boolean far = inMemory(resident.set());
        var memory = new Pace(most(iterations, "memoryRead"), most(iterations, "memoryUpdate"));
        var near = new Pace(most(iterations, "nearRead"), most(iterations, "nearUpdate"));
        double moved = resident.read() + resident.written();
        double atMemory = (streamed == 0 ? 0 : streamed / memory.read()) + (far ? memory.seconds(resident) : 0);
        // Caches work beside the memory: the slower of the two is the bound.
        double least = Math.max(atMemory, far ? 0 : near.seconds(resident));
        return new Measured(
                runs,
                runs * (streamed + moved),
                (streamed + (far ? moved : 0)) / (streamed + moved),
                (streamed + moved) / least,
                runs * told(best, "operations"),
                most(iterations, "calculation"),
                told(best, "integer") > 0 ? Cost.Arithmetic.INT8 : Cost.Arithmetic.FLOAT32,
                (int) told(best, "threads"));
    }

    double partOfBytes() {
        return bytes / bytesPeak;
    }

    double partOfOperations() {
        return operationsPeak == 0 ? 0 : operations / operationsPeak;
    }

    /**
     * What was measured of a place.
     *
     * @param read bytes a second
     * @param update bytes a second when what is read is written too
     */
    private record Pace(double read, double update) {
        /** The least that so many reads and writes take: a write goes with a read as far as there are as many. */
        double seconds(Cost.Resident bytes) {
            double pairs = Math.min(bytes.read(), bytes.written());
            double moreRead = bytes.read() - pairs;
            double moreWritten = bytes.written() - pairs;
            double fastest = Math.max(read, update);
            return (2 * pairs == 0 ? 0 : 2 * pairs / fastest)
                    + (moreRead == 0 ? 0 : moreRead / read)
                    + (moreWritten == 0 ? 0 : moreWritten / fastest);
        }
    }

    private static double most(Collection<IterationResult> iterations, String counter) {
        return iterations.stream()
                .mapToDouble(iteration -> told(iteration, counter))
                .max()
                .orElse(0);
    }

    private static double told(IterationResult iteration, String counter) {
        Result<?> secondary = iteration.getSecondaryResults().get(counter);
        if (secondary == null) {
            throw new IllegalStateException("JMH reports no " + counter);
        }
        return secondary.getScore();
    }
}
