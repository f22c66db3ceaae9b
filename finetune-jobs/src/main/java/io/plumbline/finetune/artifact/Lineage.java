package io.plumbline.finetune.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * {@code plumbline.json} beside an adapter: where it comes from. No paths and no times, so that the same run gives the
 * same bytes.
 *
 * @param format version of this layout
 * @param baseModel the frozen base
 * @param trainingData the rows it learnt from
 * @param evaluationData the rows it was measured on; empty = none
 * @param initialAdapterSha256 of the adapter it started from; empty = random
 * @param settings LoRA and optimiser settings
 * @param backend kernels that computed it
 * @param runDigest of everything that determines the run
 * @param result what came out
 */
public record Lineage(
        int format,
        @JsonProperty("base_model") Source baseModel,
        @JsonProperty("training_data") Source trainingData,
        @JsonProperty("evaluation_data") Optional<Source> evaluationData,
        @JsonProperty("initial_adapter_sha256") Optional<String> initialAdapterSha256,
        Object settings,
        String backend,
        @JsonProperty("run_digest") String runDigest,
        Result result) {
    /** Name of the file. */
    public static final String FILE = "plumbline.json";

    /** The layout that this version writes. */
    public static final int FORMAT = 1;

    /**
     * A file that went in.
     *
     * @param name its name, without folders
     * @param sha256 of its content
     * @param rows rows used, 0 where there are no rows
     * @param leftOut lines from which nothing was learnt because they are too long
     */
    public record Source(
            String name,
            String sha256,
            int rows,
            @JsonProperty("left_out_lines") List<Integer> leftOut) {
        public Source {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * What came out.
     *
     * @param steps optimiser steps
     * @param trainedTokens tokens of all steps, prompts included
     * @param lastLoss training loss of the last step
     * @param heldOutBefore mean held-out loss per target token before the first step
     * @param heldOutAfter the same after the last step
     * @param heldOutTokens number of held-out target tokens
     */
    public record Result(
            int steps,
            @JsonProperty("trained_tokens") long trainedTokens,
            @JsonProperty("last_loss") double lastLoss,
            @JsonProperty("held_out_before") Optional<Double> heldOutBefore,
            @JsonProperty("held_out_after") Optional<Double> heldOutAfter,
            @JsonProperty("held_out_tokens") long heldOutTokens) {}
}
