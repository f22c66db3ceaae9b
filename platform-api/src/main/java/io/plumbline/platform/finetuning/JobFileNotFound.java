package io.plumbline.platform.finetuning;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** A job names a file that the tenant does not have. */
@AnswersWith(status = 404, code = "file_not_found")
public final class JobFileNotFound extends PlatformException {
    private static final long serialVersionUID = 1L;

    /** @param param the parameter that names the file */
    public JobFileNotFound(String param, String file) {
        super(
                "No file with id '%s' exists. Upload one with POST /v1/files and purpose fine-tune.".formatted(file),
                param);
    }
}
