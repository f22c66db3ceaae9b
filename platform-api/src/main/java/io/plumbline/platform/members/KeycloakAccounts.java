package io.plumbline.platform.members;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.admin.client.resource.OrganizationResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.admin.client.resource.RoleScopeResource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.ErrorRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** The accounts of Keycloak's realm, through its administration interface. */
@ApplicationScoped
class KeycloakAccounts implements Accounts {
    private static final int PAGE = 100;
    private static final int CREATED = 201;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private final KeycloakAdministration keycloak;

    @Inject
    KeycloakAccounts(KeycloakAdministration keycloak) {
        this.keycloak = keycloak;
    }

    @Override
    public List<Member> members(TenantId organisation, int offset, int limit) {
        return keycloak.call(realm -> of(realm, organisation).members().list(offset, limit).stream()
                .map(user -> member(realm, user))
                .toList());
    }

    @Override
    public Optional<Member> member(TenantId organisation, String id) {
        return keycloak.find(realm ->
                member(realm, of(realm, organisation).members().member(id).toRepresentation()));
    }

    @Override
    public Optional<Member> byEmail(String email) {
        return keycloak.call(realm ->
                realm.users().searchByEmail(email, true).stream().findFirst().map(user -> member(realm, user)));
    }

    @Override
    public Set<String> organisations(String id) {
        return keycloak.call(realm -> realm.organizations().members().getOrganizations(id).stream()
                .map(OrganizationRepresentation::getAlias)
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public String create(NewMember person, String password) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(person.email());
        user.setEmail(person.email());
        user.setFirstName(person.firstName());
        user.setLastName(person.lastName());
        user.setEnabled(true);
        user.setCredentials(List.of(temporary(password)));
        return keycloak.call(realm -> {
            try (Response answer = realm.users().create(user)) {
                return switch (answer.getStatus()) {
                    case CREATED -> idIn(answer);
                    case CONFLICT -> throw new AccountUnavailable(person.email());
                    case BAD_REQUEST ->
                        throw new InvalidRequest("email", "Keycloak does not take these data: " + reason(answer));
                    default -> throw keycloak.refusal(answer.getStatus(), null);
                };
            }
        });
    }

    /** The last part of the address of what was created. */
    private static String idIn(Response created) {
        String path = created.getLocation().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String reason(Response answer) {
        String message = answer.readEntity(ErrorRepresentation.class).getErrorMessage();
        return message == null ? "no reason given" : message;
    }

    @Override
    public void discard(String id) {
        keycloak.run(realm -> accepted(realm.users().delete(id)));
    }

    @Override
    public void join(TenantId organisation, String id) {
        keycloak.run(realm -> accepted(of(realm, organisation).members().addMember(id)));
    }

    @Override
    public void leave(TenantId organisation, String id) {
        keycloak.run(
                realm -> accepted(of(realm, organisation).members().member(id).delete()));
    }

    @Override
    public void giveRoles(String id, Set<Role> roles) {
        if (!roles.isEmpty()) {
            keycloak.run(realm -> {
                RoleScopeResource mapped = realm.users().get(id).roles().realmLevel();
                mapped.add(named(mapped.listAvailable(), roles));
            });
        }
    }

    @Override
    public void takeRoles(String id, Set<Role> roles) {
        if (!roles.isEmpty()) {
            keycloak.run(realm -> {
                RoleScopeResource mapped = realm.users().get(id).roles().realmLevel();
                mapped.remove(named(mapped.listAll(), roles));
            });
        }
    }

    @Override
    public void setPassword(String id, String password) {
        keycloak.run(realm -> realm.users().get(id).resetPassword(temporary(password)));
    }

    @Override
    public void endSessions(String id) {
        keycloak.run(realm -> realm.users().get(id).logout());
    }

    private void accepted(Response answer) {
        try (answer) {
            if (answer.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL) {
                throw keycloak.refusal(answer.getStatus(), null);
            }
        }
    }

    private static CredentialRepresentation temporary(String password) {
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType(CredentialRepresentation.PASSWORD);
        credential.setValue(password);
        credential.setTemporary(true);
        return credential;
    }

    /** Keycloak searches organisations by name and domain; the tenant is the alias. */
    private static OrganizationResource of(RealmResource realm, TenantId tenant) {
        for (int first = 0; ; first += PAGE) {
            List<OrganizationRepresentation> page = realm.organizations().list(first, PAGE);
            for (OrganizationRepresentation organisation : page) {
                if (tenant.value().equals(organisation.getAlias())) {
                    return realm.organizations().get(organisation.getId());
                }
            }
            if (page.size() < PAGE) {
                throw new NotFound("organisation", tenant.value());
            }
        }
    }

    private static Member member(RealmResource realm, UserRepresentation user) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        // Effective ones: what a group brings counts as much as what is given directly.
        realm.users().get(user.getId()).roles().realmLevel().listEffective().stream()
                .map(RoleRepresentation::getName)
                .forEach(name -> Role.of(name).ifPresent(roles::add));
        return new Member(
                user.getId(),
                user.getUsername(),
                text(user.getEmail()),
                text(user.getFirstName()),
                text(user.getLastName()),
                Boolean.TRUE.equals(user.isEnabled()),
                roles);
    }

    private static List<RoleRepresentation> named(List<RoleRepresentation> known, Set<Role> roles) {
        Set<String> names = roles.stream().map(Role::wireName).collect(Collectors.toSet());
        return known.stream().filter(role -> names.contains(role.getName())).toList();
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
