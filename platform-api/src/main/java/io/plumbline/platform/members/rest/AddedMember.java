package io.plumbline.platform.members.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A member just added.
 *
 * @param temporaryPassword to be changed at the first sign-in, shown here and nowhere else; null if the account existed
 */
@Schema(name = "AddedMember")
public record AddedMember(
        @JsonUnwrapped MemberView member,
        @JsonProperty("temporary_password") @Nullable String temporaryPassword) {
    /** Never the password: records end up in logs. */
    @Override
    public String toString() {
        return "AddedMember[" + member + "]";
    }
}
