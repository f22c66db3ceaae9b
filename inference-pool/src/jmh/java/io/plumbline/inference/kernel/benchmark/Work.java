package io.plumbline.inference.kernel.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What an iteration tells of itself beside its pace: the {@link Cost} of a run and the peaks that were measured before it.
 * JMH passes public numbers of such a class on; {@link Measured} reads them.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Work {
    public double streamed;
    public double read;
    public double written;
    public double set;
    public double operations;
    public double integer;
    public double threads;
    public double memoryRead;
    public double memoryUpdate;
    public double nearRead;
    public double nearUpdate;
    public double calculation;

    void tell(Cost cost, PeakTries peaks) {
        streamed = cost.streamed();
        read = cost.resident().read();
        written = cost.resident().written();
        set = cost.resident().set();
        operations = cost.operations();
        integer = cost.arithmetic() == Cost.Arithmetic.INT8 ? 1 : 0;
        threads = peaks.threads();
        memoryRead = peaks.memoryRead();
        memoryUpdate = peaks.memoryUpdate();
        nearRead = peaks.nearRead();
        nearUpdate = peaks.nearUpdate();
        calculation = peaks.calculation();
    }
}
