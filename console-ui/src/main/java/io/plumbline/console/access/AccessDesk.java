package io.plumbline.console.access;

import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.identity.ApiKey;
import io.plumbline.platform.identity.ApiKeys;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.members.Member;
import io.plumbline.platform.members.Members;
import io.plumbline.platform.members.NewMember;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** API keys and members of the organisation that the person works for. */
@Desk
@ApplicationScoped
class AccessDesk {
    private final ConsoleSession session;
    private final ApiKeys keys;
    private final Members members;

    @Inject
    AccessDesk(ConsoleSession session, ApiKeys keys, Members members) {
        this.session = session;
        this.keys = keys;
        this.members = members;
    }

    @RequiresScope(Scope.KEYS_WRITE)
    public List<ApiKey> keys() {
        return keys.list();
    }

    /** What a key made by this person may do at most. */
    @RequiresScope(Scope.KEYS_WRITE)
    public List<Scope> grantable() {
        return session.caller().scopes().stream()
                .filter(Scope::forPrograms)
                .sorted()
                .toList();
    }

    @RequiresScope(Scope.KEYS_WRITE)
    public ApiKey.Created create(String name, Set<Scope> scopes, Optional<Duration> lifetime) {
        return keys.create(session.caller(), name, scopes, lifetime);
    }

    @RequiresScope(Scope.KEYS_WRITE)
    public void revoke(String id) {
        keys.revoke(session.caller(), id);
    }

    @RequiresScope(Scope.MEMBERS_READ)
    public List<Member> members(int offset, int limit) {
        return members.list(session.caller(), offset, limit);
    }

    @RequiresScope(Scope.MEMBERS_WRITE)
    public Member.Added add(NewMember person) {
        return members.add(session.caller(), person);
    }

    @RequiresScope(Scope.MEMBERS_WRITE)
    public Member changeRoles(String id, Set<Role> roles) {
        return members.changeRoles(session.caller(), id, roles);
    }

    @RequiresScope(Scope.MEMBERS_WRITE)
    public String resetPassword(String id) {
        return members.resetPassword(session.caller(), id);
    }

    @RequiresScope(Scope.MEMBERS_WRITE)
    public void remove(String id) {
        members.remove(session.caller(), id);
    }
}
