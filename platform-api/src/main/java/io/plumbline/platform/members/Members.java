package io.plumbline.platform.members;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The people of the caller's organisation. Every method works within it alone: an account of another organisation is
 * answered like one that does not exist.
 *
 * <p>The act is recorded in the transaction that ends after Keycloak has agreed, so what Keycloak refuses leaves no record.
 * A change takes effect for the person with their next access token: their sessions are ended, and a token lives for minutes.
 */
@ApplicationScoped
public class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    private final Accounts accounts;
    private final Event<AuditableAct> acts;

    @Inject
    Members(Accounts accounts, Event<AuditableAct> acts) {
        this.accounts = accounts;
        this.acts = acts;
    }

    /**
     * Part of the list of members.
     *
     * @param offset how many to skip
     * @param limit most members to return
     */
    public List<Member> list(Caller caller, int offset, int limit) {
        return accounts.members(caller.tenant(), offset, limit);
    }

    /** @throws NotFound if the organisation has no such member */
    public Member get(Caller caller, String id) {
        return accounts.member(caller.tenant(), id).orElseThrow(() -> new NotFound("member", id));
    }

    /**
     * Adds a person: an account without an organisation is taken in as it is, else a new one is made.
     *
     * @throws MemberExists if they are a member already
     * @throws AccountUnavailable if the account belongs to another organisation, or operates the installation
     * @throws io.plumbline.platform.error.InvalidRequest if the roles do not go together
     */
    @Transactional
    public Member.Added add(Caller caller, NewMember person) {
        RoleRules.check(person.roles());
        Optional<Member> existing = accounts.byEmail(person.email());
        return existing.isPresent() ? takeIn(caller, existing.get(), person) : create(caller, person);
    }

    private Member.Added takeIn(Caller caller, Member account, NewMember person) {
        Set<String> organisations = accounts.organisations(account.id());
        if (organisations.contains(caller.tenant().value())) {
            throw new MemberExists(person.email());
        }
        if (!organisations.isEmpty() || account.roles().contains(Role.PLATFORM_ADMIN)) {
            throw new AccountUnavailable(person.email());
        }
        record(caller, "member.added", account.id(), Map.of("roles", names(person.roles()), "account", "existing"));
        changeRoles(account, person.roles());
        accounts.join(caller.tenant(), account.id());
        return new Member.Added(account.with(person.roles()), Optional.empty());
    }

    private Member.Added create(Caller caller, NewMember person) {
        person.requireNames();
        String password = TemporaryPassword.generate();
        String id = accounts.create(person, password);
        try {
            record(caller, "member.added", id, Map.of("roles", names(person.roles()), "account", "new"));
            accounts.giveRoles(id, person.roles());
            accounts.join(caller.tenant(), id);
        } catch (RuntimeException e) {
            discard(id);
            throw e;
        }
        Member member = new Member(
                id, person.email(), person.email(), person.firstName(), person.lastName(), true, person.roles());
        return new Member.Added(member, Optional.of(password));
    }

    /** Nothing half-made stays: the address could not be used again. */
    private void discard(String id) {
        try {
            accounts.discard(id);
        } catch (RuntimeException e) {
            LOG.warn("account {} was made, could not be added to its organisation, and could not be removed", id, e);
        }
    }

    /**
     * Gives a member other roles.
     *
     * @throws NotFound if the organisation has no such member
     * @throws OwnMembership if it is the caller
     * @throws SharedMember if the roles would change outside the organisation too
     */
    @Transactional
    public Member changeRoles(Caller caller, String id, Set<Role> roles) {
        Member member = own(caller, id);
        RoleRules.check(roles);
        if (member.roles().equals(roles)) {
            return member;
        }
        record(caller, "member.roles_changed", id, Map.of("before", names(member.roles()), "after", names(roles)));
        changeRoles(member, roles);
        accounts.endSessions(id);
        return member.with(roles);
    }

    /**
     * Gives a member a new password for one sign-in.
     *
     * @throws NotFound if the organisation has no such member
     * @throws OwnMembership if it is the caller
     * @throws SharedMember if the account belongs to others too
     */
    @Transactional
    public String resetPassword(Caller caller, String id) {
        own(caller, id);
        String password = TemporaryPassword.generate();
        record(caller, "member.password_reset", id, Map.of());
        accounts.setPassword(id, password);
        accounts.endSessions(id);
        return password;
    }

    /**
     * Removes a person from the organisation. The account stays, without roles unless it has another organisation; API keys
     * that the person made stay too, since they are the organisation's.
     *
     * @throws NotFound if the organisation has no such member
     * @throws OwnMembership if it is the caller
     */
    @Transactional
    public void remove(Caller caller, String id) {
        Member member = get(caller, id);
        refuseSelf(caller, member);
        record(caller, "member.removed", id, Map.of("roles", names(member.roles())));
        boolean shared = shared(member);
        accounts.leave(caller.tenant(), id);
        if (!shared) {
            accounts.takeRoles(id, member.roles());
        }
        accounts.endSessions(id);
    }

    /** A member whose account is this organisation's alone, and not the caller's. */
    private Member own(Caller caller, String id) {
        Member member = get(caller, id);
        refuseSelf(caller, member);
        if (shared(member)) {
            throw new SharedMember(member.username());
        }
        return member;
    }

    private static void refuseSelf(Caller caller, Member member) {
        if (member.username().equalsIgnoreCase(caller.subject())) {
            throw new OwnMembership();
        }
    }

    private boolean shared(Member member) {
        return member.roles().contains(Role.PLATFORM_ADMIN)
                || accounts.organisations(member.id()).size() > 1;
    }

    /** More rights are given last: if Keycloak fails between the two steps, the person has too few, not too many. */
    private void changeRoles(Member member, Set<Role> roles) {
        Set<Role> gone = EnumSet.noneOf(Role.class);
        gone.addAll(member.roles());
        gone.removeAll(roles);
        Set<Role> added = EnumSet.noneOf(Role.class);
        added.addAll(roles);
        added.removeAll(member.roles());
        accounts.takeRoles(member.id(), gone);
        accounts.giveRoles(member.id(), added);
    }

    private void record(Caller caller, String type, String id, Map<String, String> facts) {
        acts.fire(new AuditableAct(type, caller.subject(), id, facts, Map.of()));
    }

    private static String names(Set<Role> roles) {
        return roles.stream().sorted().map(Role::wireName).collect(Collectors.joining(","));
    }
}
