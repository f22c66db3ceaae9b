-- The audit log: one Merkle tree a tenant (docs/decisions/0010-audit-log.md). An act waits in audit_staged, written by the
-- transaction of the act itself; the sequencer gives it an index, hashes it and signs a tree head, in one transaction.

create table audit_staged (
    seq         bigint generated always as identity primary key,
    tenant      text        not null,
    occurred_at timestamptz not null,
    type        text        not null,
    actor       text        not null,
    target      text        not null,
    facts       text        not null,
    digests     text        not null
);
create index audit_staged_by_tenant on audit_staged (tenant, seq);
call secure_tenant_table('audit_staged');
grant insert on audit_staged to ${app};
grant select, delete on audit_staged to ${worker};

-- entry holds the very bytes that were hashed; the columns behind it repeat some of them for searching.
create table audit_entry (
    tenant      text        not null,
    index       bigint      not null check (index >= 0),
    entry       bytea       not null,
    leaf_hash   bytea       not null check (octet_length(leaf_hash) = 32),
    occurred_at timestamptz not null,
    type        text        not null,
    actor       text        not null,
    target      text        not null,
    primary key (tenant, index)
);
create index audit_entry_by_time on audit_entry (tenant, occurred_at);
create index audit_entry_by_type on audit_entry (tenant, type, index);
create index audit_entry_by_actor on audit_entry (tenant, actor, index);
create index audit_entry_by_target on audit_entry (tenant, target, index);
call secure_tenant_table('audit_entry');
grant select on audit_entry to ${app};
grant select, insert on audit_entry to ${worker};

-- Hashes of perfect subtrees over two leaves and more; level 0 are the leaf hashes of audit_entry.
create table audit_node (
    tenant text    not null,
    level  integer not null check (level > 0),
    index  bigint  not null check (index >= 0),
    hash   bytea   not null check (octet_length(hash) = 32),
    primary key (tenant, level, index)
);
call secure_tenant_table('audit_node');
grant select on audit_node to ${app};
grant select, insert on audit_node to ${worker};

create table audit_tree_head (
    tenant    text        not null,
    number    bigint      not null check (number > 0),
    size      bigint      not null check (size >= number),
    signed_at timestamptz not null,
    root      bytea       not null check (octet_length(root) = 32),
    key_id    text        not null,
    signature bytea       not null check (octet_length(signature) = 64),
    primary key (tenant, number),
    unique (tenant, size)
);
call secure_tenant_table('audit_tree_head');
grant select on audit_tree_head to ${app};
grant select, insert on audit_tree_head to ${worker};

-- Public keys of the installation; every key that ever signed stays here.
create table audit_key (
    id         text primary key,
    public_key bytea       not null,
    created_at timestamptz not null
);
grant select on audit_key to ${app};
grant select, insert on audit_key to ${worker};

-- Append-only for every role, the owner too: grants bind only others. A statement trigger also fires where row-level
-- security would let a statement touch no row, and for truncate.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on audit_entry for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_node for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_tree_head for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_key for each statement execute function refuse_change();
create trigger no_change before update or truncate on audit_staged for each statement execute function refuse_change();
