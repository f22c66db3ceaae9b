package io.plumbline.platform.identity.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A key just made.
 *
 * @param secret the whole key, to be sent as {@code Authorization: Bearer}; it is not stored and cannot be shown again
 */
@Schema(name = "CreatedApiKey")
public record CreatedKey(@JsonUnwrapped KeyView key, String secret) {
    /** Never the secret: records end up in logs. */
    @Override
    public String toString() {
        return "CreatedKey[" + key + "]";
    }
}
