package io.plumbline.platform.members.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.members.Member;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A member of the organisation.
 *
 * @param username what the person signs in with
 * @param enabled whether the account may sign in
 */
@Schema(name = "Member")
public record MemberView(
        String id,
        String object,
        String username,
        String email,
        @JsonProperty("first_name") String firstName,
        @JsonProperty("last_name") String lastName,
        boolean enabled,
        List<String> roles) {

    static MemberView of(Member member) {
        return new MemberView(
                member.id(),
                "member",
                member.username(),
                member.email(),
                member.firstName(),
                member.lastName(),
                member.enabled(),
                member.roles().stream().map(Role::wireName).toList());
    }
}
