package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/**
 * An opened device: its memory, its kernels and a stream of work. Owned by whoever opened it; closing it frees every
 * buffer and weight that is still allocated. Calls come from one thread at a time.
 *
 * <p><b>Bit-stable.</b> On one backend a row's result is bit-identical for every batch size, chunking and thread
 * count, so any served answer can be replayed.
 */
public interface Backend extends AutoCloseable {
    String name();

    /** Device and instruction set, for people and for the audit record. */
    String description();

    /**
     * Asked once at model load, so that no kernel is missing in the middle of a step.
     *
     * @param formats weight formats that the model uses
     * @return every reason why this model cannot run here, with its remedy; empty if it can
     */
    List<String> unsupported(Set<QuantFormat> formats);

    DeviceMemory memory();

    Kernels kernels();

    /** Waits until all submitted work is done; results may be read after that. */
    void synchronize();

    @Override
    void close();
}
