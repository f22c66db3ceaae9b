package io.plumbline.platform.members;

import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.Role;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Which roles an administrator of a tenant may give, and which one person may have together. */
public final class RoleRules {
    /** Operating the installation is nothing a tenant gives. */
    public static final Set<Role> ASSIGNABLE =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Role.PLATFORM_ADMIN)));

    /** Whoever builds the models or gives out the rights does not also release what a rule held. */
    private static final Set<Role> APART_FROM_REVIEWER = EnumSet.of(Role.TENANT_ADMIN, Role.ML_ENGINEER);

    private RoleRules() {}

    /** @throws InvalidRequest if there is no role, one that a tenant cannot give, or two that do not go together */
    static void check(Set<Role> roles) {
        if (roles.isEmpty()) {
            throw new InvalidRequest(
                    "roles", "A member needs at least one role; to take every right away, remove them.");
        }
        for (Role role : roles) {
            if (!ASSIGNABLE.contains(role)) {
                throw new InvalidRequest(
                        "roles",
                        "The role %s is given by the operator of this installation only; an organisation gives: %s."
                                .formatted(role.wireName(), names(ASSIGNABLE)));
            }
        }
        Set<Role> conflict = EnumSet.copyOf(roles);
        conflict.retainAll(APART_FROM_REVIEWER);
        if (roles.contains(Role.REVIEWER) && !conflict.isEmpty()) {
            throw new InvalidRequest(
                    "roles",
                    "Reviewers decide on the work of administrators and engineers, so reviewer does not go together with %s."
                            .formatted(names(conflict)));
        }
    }

    private static String names(Set<Role> roles) {
        return roles.stream().map(Role::wireName).collect(Collectors.joining(", "));
    }
}
