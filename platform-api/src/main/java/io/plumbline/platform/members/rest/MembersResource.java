package io.plumbline.platform.members.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.members.Member;
import io.plumbline.platform.members.Members;
import io.plumbline.platform.members.NewMember;
import io.plumbline.platform.members.RoleRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Members of the caller's organisation. */
@Path("/api/v1/members")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Identity")
public class MembersResource {
    private final Members members;
    private final CurrentCaller caller;

    @Inject
    MembersResource(Members members, CurrentCaller caller) {
        this.members = members;
        this.caller = caller;
    }

    @GET
    @RequiresScope(Scope.MEMBERS_READ)
    @Operation(operationId = "listMembers", summary = "People of the organisation and their roles")
    public MemberList list(
            @QueryParam("offset") @DefaultValue("0") @Min(0) int offset,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(100) int limit) {
        List<Member> found = members.list(caller.get(), offset, limit + 1);
        return new MemberList(
                "list", found.stream().limit(limit).map(MemberView::of).toList(), found.size() > limit);
    }

    @GET
    @Path("{id}")
    @RequiresScope(Scope.MEMBERS_READ)
    @Operation(operationId = "getMember", summary = "One member")
    public MemberView get(@PathParam("id") String id) {
        return MemberView.of(members.get(caller.get(), id));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.MEMBERS_WRITE)
    @Operation(
            operationId = "addMember",
            summary = "Add a person; a new account gets a temporary password, which is in this answer and nowhere else")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = AddedMember.class)))
    public Response add(@Valid @NotNull AddMember request) {
        NewMember person = new NewMember(
                request.email(),
                Objects.requireNonNullElse(request.firstName(), ""),
                Objects.requireNonNullElse(request.lastName(), ""),
                roles(request.roles()));
        Member.Added added = members.add(caller.get(), person);
        return Response.status(Response.Status.CREATED)
                .entity(new AddedMember(
                        MemberView.of(added.member()), added.temporaryPassword().orElse(null)))
                .build();
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.MEMBERS_WRITE)
    @Operation(operationId = "changeMember", summary = "Give a member other roles; all of them are named")
    public MemberView change(@PathParam("id") String id, @Valid @NotNull ChangeMember request) {
        Member changed = request.roles() == null
                ? members.get(caller.get(), id)
                : members.changeRoles(caller.get(), id, roles(request.roles()));
        return MemberView.of(changed);
    }

    @POST
    @Path("{id}/temporary-password")
    @RequiresScope(Scope.MEMBERS_WRITE)
    @Operation(
            operationId = "resetMemberPassword",
            summary = "A new password for one sign-in; it is in this answer and nowhere else")
    public NewPassword resetPassword(@PathParam("id") String id) {
        return new NewPassword(members.resetPassword(caller.get(), id));
    }

    @DELETE
    @Path("{id}")
    @RequiresScope(Scope.MEMBERS_WRITE)
    @Operation(operationId = "removeMember", summary = "Remove a person from the organisation")
    @APIResponse(responseCode = "204", description = "Removed")
    public void remove(@PathParam("id") String id) {
        members.remove(caller.get(), id);
    }

    private static Set<Role> roles(List<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            roles.add(Role.of(name).orElseThrow(() -> unknown(name)));
        }
        return roles;
    }

    private static InvalidRequest unknown(String name) {
        String known = RoleRules.ASSIGNABLE.stream().map(Role::wireName).collect(Collectors.joining(", "));
        return new InvalidRequest("roles", "'%s' is not a role; there are: %s.".formatted(name, known));
    }

    /**
     * @param firstName needed for a new account
     * @param lastName likewise
     */
    @Schema(name = "NewMember")
    public record AddMember(
            @NotBlank String email,
            @JsonProperty("first_name") @Nullable String firstName,
            @JsonProperty("last_name") @Nullable String lastName,
            @NotNull List<String> roles) {}

    /** @param roles all that the member shall have; null = as they are */
    @Schema(name = "MemberChange")
    public record ChangeMember(@Nullable List<String> roles) {}

    @Schema(name = "TemporaryPassword")
    public record NewPassword(
            @JsonProperty("temporary_password") String temporaryPassword) {
        /** Never the password: records end up in logs. */
        @Override
        public String toString() {
            return "NewPassword[…]";
        }
    }

    /** @param hasMore whether there are members after these */
    @Schema(name = "MemberList")
    public record MemberList(
            String object,
            List<MemberView> data,
            @JsonProperty("has_more") boolean hasMore) {}
}
