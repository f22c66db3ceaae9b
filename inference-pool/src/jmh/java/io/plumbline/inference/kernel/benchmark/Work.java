package io.plumbline.inference.kernel.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the kernel has done; JMH divides it by the time. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
    /** Bytes of operands, each counted once however often it is read. */
    public double bytes;

    /** Multiplications and additions. */
    public double operations;
}
