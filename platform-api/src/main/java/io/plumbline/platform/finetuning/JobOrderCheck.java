package io.plumbline.platform.finetuning;

import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobPriority;
import io.plumbline.finetune.job.JobSettings;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.finetuning.JobWish.HyperparameterWish;
import io.plumbline.platform.finetuning.JobWish.SettingWish;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The ranges of every setting, for whoever asks: what does not fit is refused by the name of its parameter. */
public final class JobOrderCheck {
    public static final int MIN_TOKENS = 16;
    public static final int MAX_RANK = 256;
    public static final int MAX_ALPHA = 1024;
    public static final int MAX_TEMPLATE = 64 * 1024;

    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_METADATA = 16;
    private static final int MAX_METADATA_KEY = 64;
    private static final int MAX_METADATA_VALUE = 512;

    private final SecureRandom random = new SecureRandom();

    /** @throws InvalidRequest for the first value that does not fit */
    public JobOrder check(JobWish wish) {
        return new JobOrder(
                required("model", wish.model()),
                required("training_file", wish.trainingFile()),
                wish.validationFile(),
                hyperparameters(wish.hyperparameters()),
                settings(wish.settings()),
                suffix(wish.suffix()),
                metadata(wish.metadata()));
    }

    private static String required(String param, Optional<String> value) {
        return value.filter(given -> !given.isBlank())
                .orElseThrow(() -> new InvalidRequest(param, "'%s' is required.".formatted(param)));
    }

    private static Hyperparameters hyperparameters(HyperparameterWish wish) {
        upTo(wish.path() + "n_epochs", wish.epochs(), Hyperparameters.MAX_EPOCHS);
        upTo(wish.path() + "batch_size", wish.batchSize(), Hyperparameters.MAX_BATCH_SIZE);
        wish.learningRateMultiplier()
                .ifPresent(v -> inRange(
                        v > 0 && v <= Hyperparameters.MAX_MULTIPLIER,
                        wish.path() + "learning_rate_multiplier",
                        "\"auto\" or above 0 and at most " + (int) Hyperparameters.MAX_MULTIPLIER,
                        v));
        return new Hyperparameters(wish.epochs(), wish.batchSize(), wish.learningRateMultiplier());
    }

    private static void upTo(String param, Optional<Integer> value, int max) {
        value.ifPresent(v -> inRange(v >= 1 && v <= max, param, "\"auto\" or 1 to " + max, v));
    }

    private JobSettings settings(SettingWish wish) {
        OptimizerSettings defaults = OptimizerSettings.defaults();
        int maxTokens = wish.maxTokens().orElse(defaults.maxTokens());
        inRange(
                maxTokens >= MIN_TOKENS && maxTokens <= JobSettings.MAX_TOKENS,
                "plumbline.max_tokens",
                MIN_TOKENS + " to " + JobSettings.MAX_TOKENS,
                maxTokens);
        double learningRate = wish.learningRate().orElse(defaults.learningRate());
        inRange(
                learningRate > 0 && learningRate <= 1,
                "plumbline.learning_rate",
                "above 0 and at most 1",
                learningRate);
        return new JobSettings(
                lora(wish),
                maxTokens,
                learningRate,
                template(wish.chatTemplate()),
                wish.seed().orElseGet(() -> (long) random.nextInt(Integer.MAX_VALUE)),
                wish.priority().map(JobOrderCheck::priority).orElse(JobPriority.NORMAL));
    }

    private static LoraSettings lora(SettingWish wish) {
        LoraSettings defaults = LoraSettings.defaults();
        int rank = wish.rank().orElse(defaults.rank());
        inRange(rank >= 1 && rank <= MAX_RANK, "plumbline.rank", "1 to " + MAX_RANK, rank);
        double alpha = wish.alpha().orElse(defaults.alpha());
        inRange(alpha > 0 && alpha <= MAX_ALPHA, "plumbline.alpha", "above 0 and at most " + MAX_ALPHA, alpha);
        List<String> modules = wish.targetModules().orElse(defaults.targetModules());
        if (modules.isEmpty()
                || modules.stream().anyMatch(name -> LinearModule.of(name).isEmpty())
                || new HashSet<>(modules).size() != modules.size()) {
            throw new InvalidRequest(
                    "plumbline.target_modules",
                    "'plumbline.target_modules' are some of %s, each once, not %s."
                            .formatted(LinearModule.names(), modules));
        }
        return new LoraSettings(rank, alpha, false, modules);
    }

    private static Optional<String> template(Optional<String> template) {
        if (template.filter(source -> source.isBlank() || source.length() > MAX_TEMPLATE)
                .isPresent()) {
            throw new InvalidRequest(
                    "plumbline.chat_template",
                    "'plumbline.chat_template' is a Jinja template of 1 to %d characters.".formatted(MAX_TEMPLATE));
        }
        return template;
    }

    private static JobPriority priority(String priority) {
        return Arrays.stream(JobPriority.values())
                .filter(p -> p.wireName().equals(priority))
                .findFirst()
                .orElseThrow(() -> new InvalidRequest(
                        "plumbline.priority",
                        "'plumbline.priority' is low, normal or high, not '%s'.".formatted(priority)));
    }

    private static Optional<String> suffix(Optional<String> suffix) {
        Optional<String> given = suffix.filter(text -> !text.isEmpty());
        if (given.filter(text -> !SUFFIX.matcher(text).matches()).isPresent()) {
            throw new InvalidRequest(
                    "suffix",
                    "'suffix' is 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit.");
        }
        return given;
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        boolean fits = metadata.size() <= MAX_METADATA
                && metadata.entrySet().stream()
                        .allMatch(e -> e.getValue() != null
                                && e.getKey().length() <= MAX_METADATA_KEY
                                && e.getValue().length() <= MAX_METADATA_VALUE);
        if (!fits) {
            throw new InvalidRequest(
                    "metadata",
                    "'metadata' has at most %d entries; keys of at most %d and values of at most %d characters."
                            .formatted(MAX_METADATA, MAX_METADATA_KEY, MAX_METADATA_VALUE));
        }
        return metadata;
    }

    private static void inRange(boolean fits, String param, String range, Number value) {
        if (!fits) {
            throw new InvalidRequest(param, "'%s' is %s, not %s.".formatted(param, range, value));
        }
    }
}
