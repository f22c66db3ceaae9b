package io.plumbline.platform.members;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The accounts of the identity provider, as far as this feature touches them. Implementations throw
 * {@link MembersUnavailable} and {@link MembersNotConfigured}.
 */
interface Accounts {
    /** Members of an organisation, in the identity provider's order. */
    List<Member> members(TenantId organisation, int offset, int limit);

    /** Empty if there is no such account, or it belongs to other organisations only. */
    Optional<Member> member(TenantId organisation, String id);

    /** The account of an address, whatever it belongs to. */
    Optional<Member> byEmail(String email);

    /** Aliases of the organisations of an account. */
    Set<String> organisations(String id);

    /**
     * Makes an account without organisation and roles.
     *
     * @param password to be changed at the first sign-in
     * @return its id
     * @throws AccountUnavailable if another account has the address or the name
     */
    String create(NewMember person, String password);

    /** Removes an account; only ever one that was made just now. */
    void discard(String id);

    void join(TenantId organisation, String id);

    void leave(TenantId organisation, String id);

    void giveRoles(String id, Set<Role> roles);

    void takeRoles(String id, Set<Role> roles);

    /** @param password to be changed at the next sign-in */
    void setPassword(String id, String password);

    /** Ends the account's sessions: the next access token has to be earned with a new sign-in. */
    void endSessions(String id);
}
