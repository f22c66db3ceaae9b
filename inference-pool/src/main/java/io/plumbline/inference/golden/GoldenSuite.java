package io.plumbline.inference.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Checks one part of the product against reference results; found by {@code ServiceLoader}. A suite takes every case
 * from the folder (names, shapes, settings), nothing from memory, so that it works on folders it has never seen.
 */
public interface GoldenSuite {
    /** The folder's name below the golden directory: {@code quant}, {@code arch}, {@code lora} … */
    String folder();

    /**
     * Runs every case below {@code directory} and reports each once.
     *
     * @throws IOException if the folder cannot be read or is not laid out as its README says
     */
    void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException;
}
