package io.plumbline.platform.finetuning.rest;

import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.finetuning.JobOrder;
import io.plumbline.platform.finetuning.JobOrderCheck;
import io.plumbline.platform.finetuning.JobWish;
import io.plumbline.platform.finetuning.JobWish.HyperparameterWish;
import io.plumbline.platform.finetuning.JobWish.SettingWish;
import io.plumbline.platform.finetuning.rest.NewJobBody.ExtensionBody;
import io.plumbline.platform.finetuning.rest.NewJobBody.HyperparametersBody;
import io.plumbline.platform.finetuning.rest.NewJobBody.MethodBody;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a request; what does not fit is refused by the name of its parameter. */
final class JobOrderReader {
    private final JobOrderCheck check = new JobOrderCheck();

    JobOrder read(NewJobBody body) {
        if (body.integrations() != null && !body.integrations().isEmpty()) {
            throw new InvalidRequest("integrations", "No integration is supported; leave 'integrations' out.");
        }
        return check.check(new JobWish(
                Optional.ofNullable(body.model()),
                Optional.ofNullable(body.trainingFile()),
                Optional.ofNullable(body.validationFile()),
                hyperparameters(body),
                settings(body),
                Optional.ofNullable(body.suffix()),
                body.metadata() == null ? Map.of() : body.metadata()));
    }

    private static HyperparameterWish hyperparameters(NewJobBody body) {
        Optional<HyperparametersBody> ofMethod = ofMethod(body.method());
        if (ofMethod.isPresent() && body.hyperparameters() != null) {
            throw new InvalidRequest(
                    "hyperparameters", "Give 'hyperparameters' or 'method.supervised.hyperparameters', not both.");
        }
        String path = ofMethod.isPresent() ? "method.supervised.hyperparameters." : "hyperparameters.";
        Optional<HyperparametersBody> given = ofMethod.or(() -> Optional.ofNullable(body.hyperparameters()));
        return new HyperparameterWish(
                path,
                given.map(HyperparametersBody::epochs).flatMap(v -> v.asInteger(path + "n_epochs")),
                given.map(HyperparametersBody::batchSize).flatMap(v -> v.asInteger(path + "batch_size")),
                given.map(HyperparametersBody::learningRateMultiplier)
                        .flatMap(v -> v.asDouble(path + "learning_rate_multiplier")));
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

    private static SettingWish settings(NewJobBody body) {
        ExtensionBody given = body.plumbline() == null ? ExtensionBody.empty() : body.plumbline();
        return new SettingWish(
                Optional.ofNullable(given.rank()),
                Optional.ofNullable(given.alpha()),
                Optional.ofNullable(given.targetModules()),
                Optional.ofNullable(given.maxTokens()),
                Optional.ofNullable(given.learningRate()),
                Optional.ofNullable(given.chatTemplate()),
                Optional.ofNullable(given.priority()),
                Optional.ofNullable(body.seed()));
    }
}
