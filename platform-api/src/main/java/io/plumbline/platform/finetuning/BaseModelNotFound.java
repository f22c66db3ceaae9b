package io.plumbline.platform.finetuning;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** A job names a base model that this installation does not have. */
@AnswersWith(status = 404, code = "model_not_found")
public final class BaseModelNotFound extends PlatformException {
    private static final long serialVersionUID = 1L;

    public BaseModelNotFound(String model) {
        super("The base model '%s' does not exist; GET /v1/models lists those that do.".formatted(model), "model");
    }
}
