-- Finished adapters. The files lie in a content-addressed directory; the row says whose they are and what they came from.
create table adapter (
    id                   text primary key,
    tenant               text        not null,
    model                text        not null,
    sha256               text        not null,
    bytes                bigint      not null,
    base_model           text        not null,
    base_model_sha256    text        not null,
    job                  text        not null unique references fine_tuning_job,
    training_file        text        not null,
    training_file_sha256 text        not null,
    steps                integer     not null,
    trained_tokens       bigint      not null,
    train_loss           double precision,
    first_valid_loss     double precision,
    valid_loss           double precision,
    chat_template        text,
    created_by           text        not null,
    created_at           timestamptz not null,
    deleted_at           timestamptz,
    unique (tenant, model)
);
call secure_tenant_table('adapter');
grant select, insert, update on adapter to ${app};
grant select on adapter to ${worker};

create table deployment (
    id            text primary key,
    tenant        text        not null,
    model         text        not null,
    base_model    text        not null,
    adapter       text references adapter,
    audience      text        not null check (audience in ('PUBLIC', 'PROFESSIONAL')),
    packs         text[]      not null,
    chat_template text,
    state         text        not null check (state in ('PENDING', 'LIVE', 'FAILED', 'RETIRED')),
    failure       text,
    created_by    text        not null,
    created_at    timestamptz not null,
    live_at       timestamptz,
    retired_at    timestamptz
);
create index deployment_by_tenant on deployment (tenant, created_at desc, id);
-- A model name means one thing at a time.
create unique index deployment_live on deployment (tenant, model) where state = 'LIVE';
create index deployment_of_installation on deployment (created_at) where state in ('PENDING', 'LIVE');
call secure_tenant_table('deployment');
grant select, insert, update on deployment to ${app};
grant select on deployment to ${worker};
