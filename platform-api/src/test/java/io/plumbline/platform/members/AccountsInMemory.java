package io.plumbline.platform.members;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Accounts as an identity provider keeps them; {@link #failOn} makes one kind of call fail. */
final class AccountsInMemory implements Accounts {
    private final Map<String, Member> accounts = new LinkedHashMap<>();
    private final Map<String, Set<String>> organisations = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private String failing = "";

    String add(String email, Set<Role> roles, String... ofOrganisations) {
        String id = "id-" + accounts.size();
        accounts.put(id, new Member(id, email, email, "First", "Last", true, roles));
        organisations.put(id, new LinkedHashSet<>(List.of(ofOrganisations)));
        return id;
    }

    void failOn(String call) {
        failing = call;
    }

    /** What was changed, in order. */
    List<String> calls() {
        return calls;
    }

    Optional<Member> account(String id) {
        return Optional.ofNullable(accounts.get(id));
    }

    private void called(String call) {
        if (call.equals(failing)) {
            throw new MembersUnavailable(new IllegalStateException("made to fail"));
        }
        calls.add(call);
    }

    @Override
    public List<Member> members(TenantId organisation, int offset, int limit) {
        return accounts.values().stream()
                .filter(account -> in(organisation, account.id()))
                .skip(offset)
                .limit(limit)
                .toList();
    }

    private boolean in(TenantId organisation, String id) {
        return organisations.getOrDefault(id, Set.of()).contains(organisation.value());
    }

    @Override
    public Optional<Member> member(TenantId organisation, String id) {
        return account(id).filter(account -> in(organisation, id));
    }

    @Override
    public Optional<Member> byEmail(String email) {
        return accounts.values().stream()
                .filter(account -> account.email().equals(email))
                .findFirst();
    }

    private Set<String> organisationsOf(String id) {
        return organisations.computeIfAbsent(id, unknown -> new LinkedHashSet<>());
    }

    @Override
    public Set<String> organisations(String id) {
        return Set.copyOf(organisationsOf(id));
    }

    @Override
    public String create(NewMember person, String password) {
        called("create");
        return add(person.email(), Set.of());
    }

    @Override
    public void discard(String id) {
        called("discard");
        accounts.remove(id);
        organisations.remove(id);
    }

    @Override
    public void join(TenantId organisation, String id) {
        called("join");
        organisationsOf(id).add(organisation.value());
    }

    @Override
    public void leave(TenantId organisation, String id) {
        called("leave");
        organisationsOf(id).remove(organisation.value());
    }

    @Override
    public void giveRoles(String id, Set<Role> roles) {
        called("giveRoles");
        change(id, roles, true);
    }

    @Override
    public void takeRoles(String id, Set<Role> roles) {
        called("takeRoles");
        change(id, roles, false);
    }

    private void change(String id, Set<Role> roles, boolean give) {
        Member before = account(id).orElseThrow();
        Set<Role> after = EnumSet.noneOf(Role.class);
        after.addAll(before.roles());
        if (give) {
            after.addAll(roles);
        } else {
            after.removeAll(roles);
        }
        accounts.put(id, before.with(after));
    }

    @Override
    public void setPassword(String id, String password) {
        called("setPassword");
    }

    @Override
    public void endSessions(String id) {
        called("endSessions");
    }
}
