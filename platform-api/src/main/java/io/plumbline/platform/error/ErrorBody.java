package io.plumbline.platform.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** OpenAI's error shape. */
@Schema(name = "Error")
public record ErrorBody(Detail error) {
    /**
     * @param message what happened and what to do
     * @param type who must act, see {@link ErrorType}
     * @param param the wrong request parameter, or null
     * @param code stable name for programs, or null
     */
    @Schema(name = "ErrorDetail")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Detail(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}
}
