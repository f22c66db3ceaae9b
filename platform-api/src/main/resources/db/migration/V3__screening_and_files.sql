-- Under which rules a tenant's texts are screened where no deployment says so. No row = the global floor, public audience.
create table screening_policy (
    tenant     text primary key,
    packs      text[]      not null,
    audience   text        not null check (audience in ('PUBLIC', 'PROFESSIONAL')),
    updated_by text        not null,
    updated_at timestamptz not null
);
call secure_tenant_table('screening_policy');
grant select, insert, update on screening_policy to ${app};

-- What rules found; never the text. Append-only.
create table verdict (
    seq           bigint generated always as identity primary key,
    tenant        text        not null,
    subject_id    text        not null,
    model         text        not null,
    item          text        not null,
    stage         text        not null,
    rule          text        not null,
    severity      integer     not null,
    action        text        not null,
    detector      text        not null,
    span_start    integer     not null,
    span_end      integer     not null,
    span_digest   text        not null,
    normalisation text        not null,
    rule_set      text        not null,
    abstained     text,
    recorded_at   timestamptz not null
);
create index verdict_newest on verdict (tenant, seq desc);
create index verdict_by_subject on verdict (tenant, subject_id);
call secure_tenant_table('verdict');
grant select, insert on verdict to ${app};
grant select on verdict to ${worker};

create table file (
    id         text primary key,
    tenant     text        not null,
    filename   text        not null,
    purpose    text        not null,
    sha256     text        not null,
    bytes      bigint      not null,
    line_count integer     not null,
    created_by text        not null,
    created_at timestamptz not null
);
create index file_newest on file (tenant, created_at desc, id desc);
create index file_by_content on file (tenant, sha256);
call secure_tenant_table('file');
grant select, insert, delete on file to ${app};
grant select on file to ${worker};

-- Content whose last file was deleted; removed from disk right after, or by the next round if the process ended.
create table blob_removal (
    tenant       text        not null,
    sha256       text        not null,
    requested_at timestamptz not null,
    primary key (tenant, sha256)
);
call secure_tenant_table('blob_removal');
grant select, insert, delete on blob_removal to ${app};
grant select on blob_removal to ${worker};
