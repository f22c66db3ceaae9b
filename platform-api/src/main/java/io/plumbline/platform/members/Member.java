package io.plumbline.platform.members;

import io.plumbline.platform.identity.Role;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * An account of the organisation.
 *
 * @param id Keycloak's
 * @param username what people sign in with, and the subject of everything they do
 * @param email may be empty
 * @param enabled whether the account may sign in
 * @param roles ours only; they hold in every organisation of the account
 */
public record Member(
        String id, String username, String email, String firstName, String lastName, boolean enabled, Set<Role> roles) {
    public Member {
        Set<Role> sorted = EnumSet.noneOf(Role.class);
        sorted.addAll(roles);
        roles = Collections.unmodifiableSet(sorted);
    }

    /** The same account under other roles. */
    Member with(Set<Role> newRoles) {
        return new Member(id, username, email, firstName, lastName, enabled, newRoles);
    }

    /** As people write it, Chinese names family first; the user name where the account has no name. */
    public String name() {
        boolean chinese = (lastName + firstName).codePoints().anyMatch(Character::isIdeographic);
        String name = chinese ? lastName + firstName : (firstName + " " + lastName).strip();
        return name.isEmpty() ? username : name;
    }

    /**
     * A member just added.
     *
     * @param temporaryPassword to be changed at the first sign-in; empty if the account existed and keeps its own
     */
    public record Added(Member member, Optional<String> temporaryPassword) {
        /** Never the password: records end up in logs. */
        @Override
        public String toString() {
            return "Added[" + member + "]";
        }
    }
}
