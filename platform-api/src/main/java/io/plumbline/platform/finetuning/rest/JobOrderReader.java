package io.plumbline.platform.finetuning.rest;

import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobPriority;
import io.plumbline.finetune.job.JobSettings;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.finetuning.JobOrder;
import io.plumbline.platform.finetuning.rest.NewJobBody.ExtensionBody;
import io.plumbline.platform.finetuning.rest.NewJobBody.HyperparametersBody;
import io.plumbline.platform.finetuning.rest.NewJobBody.MethodBody;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request; what does not fit is refused by the name of its parameter. */
final class JobOrderReader {
    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_METADATA = 16;
    private static final int MAX_METADATA_KEY = 64;
    private static final int MAX_METADATA_VALUE = 512;
    private static final int MAX_TEMPLATE = 64 * 1024;

    private final SecureRandom random = new SecureRandom();

    JobOrder read(NewJobBody body) {
        if (body.integrations() != null && !body.integrations().isEmpty()) {
            throw new InvalidRequest("integrations", "No integration is supported; leave 'integrations' out.");
        }
        return new JobOrder(
                required("model", body.model()),
                required("training_file", body.trainingFile()),
                Optional.ofNullable(body.validationFile()),
                hyperparameters(body),
                settings(body),
                suffix(body.suffix()),
                metadata(body.metadata()));
    }

    private static String required(String param, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidRequest(param, "'%s' is required.".formatted(param));
        }
        return value;
    }

    private static Hyperparameters hyperparameters(NewJobBody body) {
        Optional<HyperparametersBody> ofMethod = ofMethod(body.method());
        if (ofMethod.isPresent() && body.hyperparameters() != null) {
            throw new InvalidRequest(
                    "hyperparameters", "Give 'hyperparameters' or 'method.supervised.hyperparameters', not both.");
        }
        String path = ofMethod.isPresent() ? "method.supervised.hyperparameters." : "hyperparameters.";
        HyperparametersBody given = ofMethod.orElse(body.hyperparameters());
        if (given == null) {
            return Hyperparameters.auto();
        }
        Optional<Integer> epochs = integer(path + "n_epochs", given.epochs(), Hyperparameters.MAX_EPOCHS);
        Optional<Integer> batch = integer(path + "batch_size", given.batchSize(), Hyperparameters.MAX_BATCH_SIZE);
        return new Hyperparameters(
                epochs, batch, multiplier(path + "learning_rate_multiplier", given.learningRateMultiplier()));
    }

    private static Optional<HyperparametersBody> ofMethod(@Nullable MethodBody method) {
        if (method == null) {
            return Optional.empty();
        }
        if (!"supervised".equals(method.type())) {
            throw new InvalidRequest("method.type", "'method.type' is supervised, not %s.".formatted(method.type()));
        }
        if (method.dpo() != null || method.reinforcement() != null) {
            throw new InvalidRequest(
                    method.dpo() != null ? "method.dpo" : "method.reinforcement",
                    "'method.type' supervised takes 'method.supervised' only.");
        }
        return method.supervised() == null
                ? Optional.empty()
                : Optional.ofNullable(method.supervised().hyperparameters());
    }

    private static Optional<Integer> integer(String param, @Nullable AutoOr given, int max) {
        Optional<Integer> value = given == null ? Optional.empty() : given.asInteger(param);
        value.ifPresent(v -> inRange(v >= 1 && v <= max, param, "\"auto\" or 1 to " + max, v));
        return value;
    }

    private static Optional<Double> multiplier(String param, @Nullable AutoOr given) {
        Optional<Double> value = given == null ? Optional.empty() : given.asDouble(param);
        value.ifPresent(v -> inRange(
                v > 0 && v <= Hyperparameters.MAX_MULTIPLIER,
                param,
                "\"auto\" or above 0 and at most " + (int) Hyperparameters.MAX_MULTIPLIER,
                v));
        return value;
    }

    private JobSettings settings(NewJobBody body) {
        ExtensionBody given = body.plumbline() == null ? ExtensionBody.empty() : body.plumbline();
        OptimizerSettings defaults = OptimizerSettings.defaults();
        int maxTokens = given.maxTokens() == null ? defaults.maxTokens() : given.maxTokens();
        inRange(
                maxTokens >= 16 && maxTokens <= JobSettings.MAX_TOKENS,
                "plumbline.max_tokens",
                "16 to " + JobSettings.MAX_TOKENS,
                maxTokens);
        double learningRate = given.learningRate() == null ? defaults.learningRate() : given.learningRate();
        inRange(
                learningRate > 0 && learningRate <= 1,
                "plumbline.learning_rate",
                "above 0 and at most 1",
                learningRate);
        long seed = body.seed() == null ? random.nextInt(Integer.MAX_VALUE) : body.seed();
        return new JobSettings(
                lora(given), maxTokens, learningRate, template(given.chatTemplate()), seed, priority(given.priority()));
    }

    private static LoraSettings lora(ExtensionBody given) {
        LoraSettings defaults = LoraSettings.defaults();
        int rank = given.rank() == null ? defaults.rank() : given.rank();
        inRange(rank >= 1 && rank <= 256, "plumbline.rank", "1 to 256", rank);
        double alpha = given.alpha() == null ? defaults.alpha() : given.alpha();
        inRange(alpha > 0 && alpha <= 1024, "plumbline.alpha", "above 0 and at most 1024", alpha);
        List<String> modules = given.targetModules() == null ? defaults.targetModules() : given.targetModules();
        if (modules.isEmpty()
                || !LoraSettings.ALL_LINEAR.containsAll(modules)
                || new HashSet<>(modules).size() != modules.size()) {
            throw new InvalidRequest(
                    "plumbline.target_modules",
                    "'plumbline.target_modules' are some of %s, each once, not %s."
                            .formatted(LoraSettings.ALL_LINEAR, modules));
        }
        return new LoraSettings(rank, alpha, false, modules);
    }

    private static Optional<String> template(@Nullable String template) {
        if (template != null && (template.isBlank() || template.length() > MAX_TEMPLATE)) {
            throw new InvalidRequest(
                    "plumbline.chat_template",
                    "'plumbline.chat_template' is a Jinja template of 1 to %d characters.".formatted(MAX_TEMPLATE));
        }
        return Optional.ofNullable(template);
    }

    private static JobPriority priority(@Nullable String priority) {
        if (priority == null) {
            return JobPriority.NORMAL;
        }
        return Arrays.stream(JobPriority.values())
                .filter(p -> p.wireName().equals(priority))
                .findFirst()
                .orElseThrow(() -> new InvalidRequest(
                        "plumbline.priority",
                        "'plumbline.priority' is low, normal or high, not '%s'.".formatted(priority)));
    }

    private static Optional<String> suffix(@Nullable String suffix) {
        if (suffix == null || suffix.isEmpty()) {
            return Optional.empty();
        }
        if (!SUFFIX.matcher(suffix).matches()) {
            throw new InvalidRequest(
                    "suffix",
                    "'suffix' is 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit.");
        }
        return Optional.of(suffix);
    }

    private static Map<String, String> metadata(@Nullable Map<String, String> metadata) {
        if (metadata == null) {
            return Map.of();
        }
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
