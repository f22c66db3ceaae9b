package io.plumbline.platform.embedding;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** ONNX Runtime or the model does not load on this machine. */
@AnswersWith(status = 503, type = ErrorType.SERVER, code = "embeddings_unavailable")
public final class EmbeddingsUnavailable extends PlatformException {
    private static final long serialVersionUID = 1L;

    EmbeddingsUnavailable(Throwable cause) {
        super(
                "The embedding model cannot be loaded on this server. The operator finds the reason in the log; ONNX Runtime"
                        + " needs x86-64 or AArch64 with glibc and a directory for temporary files that allows programs"
                        + " (-Djava.io.tmpdir).");
        initCause(cause);
    }
}
