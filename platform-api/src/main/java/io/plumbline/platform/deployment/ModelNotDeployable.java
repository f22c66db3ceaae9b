package io.plumbline.platform.deployment;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** Nothing of that name can be put into service by this tenant. */
@AnswersWith(status = 404, code = "model_not_found")
public final class ModelNotDeployable extends PlatformException {
    private static final long serialVersionUID = 1L;

    public ModelNotDeployable(String model) {
        super(
                "The model '%s' does not exist; it is a base model of GET /v1/models or the fine_tuned_model of a job that succeeded."
                        .formatted(model),
                "model");
    }
}
