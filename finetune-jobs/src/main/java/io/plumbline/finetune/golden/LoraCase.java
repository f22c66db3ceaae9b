package io.plumbline.finetune.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.finetune.dataset.PackedRows;
import io.plumbline.finetune.dataset.TokenizedRow;
import io.plumbline.finetune.training.AdapterOptimizer;
import io.plumbline.finetune.training.LearningRateSchedule;
import io.plumbline.inference.model.TrainingBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One reference run of {@code lora/}.
 *
 * @param folder its files
 * @param json {@code golden.json}
 * @param batches the rows of each batch
 */
record LoraCase(Path folder, JsonNode json, List<List<TokenizedRow>> batches) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static LoraCase read(Path folder) throws IOException {
        JsonNode json = JSON.readTree(folder.resolve("golden.json").toFile());
        List<List<TokenizedRow>> batches = new ArrayList<>();
        for (JsonNode batch : JSON.readTree(folder.resolve("batches.json").toFile())) {
            batches.add(rows(batch));
        }
        return new LoraCase(folder, json, batches);
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** Whether only adapters are trained; the other kind trains every weight of the base. */
    boolean isAdapter() {
        return json.has("r");
    }

    int steps() {
        return optimizer().path("steps").asInt();
    }

    /** Rows of step t. */
    List<TokenizedRow> rows(int step) {
        return batches.get(step % batches.size());
    }

    /** The whole step as one packed batch. */
    List<TrainingBatch> packed(int step) {
        return PackedRows.pack(rows(step), Integer.MAX_VALUE);
    }

    /** The step as one batch per row. */
    List<TrainingBatch> rowByRow(int step) {
        return PackedRows.pack(rows(step), 1);
    }

    int mostTokens() {
        return batches.stream()
                .mapToInt(rows -> rows.stream().mapToInt(TokenizedRow::length).sum())
                .max()
                .orElse(1);
    }

    LearningRateSchedule schedule() {
        JsonNode o = optimizer();
        return new LearningRateSchedule(
                o.path("lr").asDouble(),
                o.path("warmup_steps").asInt(),
                steps(),
                LearningRateSchedule.WarmupStart.ZERO);
    }

    AdapterOptimizer.Settings settings() {
        JsonNode o = optimizer();
        return new AdapterOptimizer.Settings(
                o.path("betas").path(0).asDouble(),
                o.path("betas").path(1).asDouble(),
                o.path("eps").asDouble(),
                o.path("weight_decay").asDouble(),
                o.path("max_grad_norm").asDouble());
    }

    double[] numbers(String key) {
        JsonNode list = json.path(key);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }

    private JsonNode optimizer() {
        return json.path("optimizer");
    }

    private static List<TokenizedRow> rows(JsonNode batch) {
        List<TokenizedRow> rows = new ArrayList<>();
        for (int r = 0; r < batch.path("input_ids").size(); r++) {
            JsonNode ids = batch.path("input_ids").get(r);
            JsonNode mask = batch.path("attention_mask").get(r);
            JsonNode labels = batch.path("labels").get(r);
            int length = 0;
            while (length < ids.size() && mask.get(length).asInt() == 1) {
                length++;
            }
            int[] tokens = new int[length];
            int[] targets = new int[length];
            int count = 0;
            for (int i = 0; i < length; i++) {
                tokens[i] = ids.get(i).asInt();
                targets[i] = i + 1 < length ? Math.max(-1, labels.get(i + 1).asInt()) : -1;
                count += targets[i] >= 0 ? 1 : 0;
            }
            rows.add(new TokenizedRow(r + 1, tokens, targets, count));
        }
        return rows;
    }
}
