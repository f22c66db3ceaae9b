-- Roles: the owner (who runs this) owns the tables; ${app} serves callers and is bound by row-level security;
-- ${worker} does background work across tenants and is named by its own policy. Without plumbline.tenant set,
-- ${app} sees no row at all (docs/decisions/0005-tenancy.md).

-- Puts one table under that regime. Every table with a tenant column calls it once; TenancyTest checks that.
create procedure secure_tenant_table(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy one_tenant on %s to ${app} '
        'using (tenant = current_setting(''plumbline.tenant'', true)) '
        'with check (tenant = current_setting(''plumbline.tenant'', true))', name);
    execute format('create policy all_tenants on %s to ${worker} using (true) with check (true)', name);
end $$;

grant usage on schema public to ${app}, ${worker};

create table api_key (
    id           text primary key,
    tenant       text        not null,
    name         text        not null,
    prefix       text        not null,
    secret_hash  bytea       not null check (octet_length(secret_hash) = 32),
    scopes       text[]      not null,
    created_by   text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
create index api_key_by_tenant on api_key (tenant, created_at desc, id);
call secure_tenant_table('api_key');
grant select, insert, update on api_key to ${app};
grant select on api_key to ${worker};
