package io.plumbline.inference.kernel.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Sums of {@link Cost} over all runs; JMH divides them by the time. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
    public double streamed;
    public double resident;
    public double residentSet;
    public double floatOperations;
    public double integerOperations;
}
