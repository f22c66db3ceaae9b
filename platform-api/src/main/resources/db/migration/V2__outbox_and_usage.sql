-- Events wait here until the broker has them (docs/decisions/0006-outbox.md). The order of sending is that of seq,
-- kept per event_key.
create table outbox (
    seq          bigint generated always as identity primary key,
    event_id     uuid        not null unique,
    tenant       text        not null,
    topic        text        not null,
    event_key    text        not null,
    type         text        not null,
    version      integer     not null,
    payload      text        not null,
    created_at   timestamptz not null,
    published_at timestamptz
);
create index outbox_waiting on outbox (seq) where published_at is null;
create index outbox_sent on outbox (published_at) where published_at is not null;
call secure_tenant_table('outbox');
-- select: the insert returns its seq.
grant select, insert on outbox to ${app};
grant select, update, delete on outbox to ${worker};

-- Events that a consumer has dealt with. No tenant: only background work reads it.
create table inbox (
    consumer    text        not null,
    event_id    uuid        not null,
    received_at timestamptz not null,
    primary key (consumer, event_id)
);
create index inbox_by_age on inbox (received_at);
grant select, insert, delete on inbox to ${worker};

-- Append-only: nobody but the owner may change or delete an entry.
create table usage_entry (
    seq               bigint generated always as identity primary key,
    tenant            text        not null,
    request_id        text        not null,
    kind              text        not null check (kind in ('RESERVED', 'SETTLED', 'RELEASED')),
    model             text        not null,
    subject           text        not null,
    prompt_tokens     bigint      not null check (prompt_tokens >= 0),
    completion_tokens bigint      not null check (completion_tokens >= 0),
    cached_tokens     bigint      not null check (cached_tokens >= 0),
    recorded_at       timestamptz not null,
    unique (tenant, request_id, kind)
);
create index usage_entry_by_time on usage_entry (tenant, recorded_at);
create index usage_entry_reserved on usage_entry (recorded_at) where kind = 'RESERVED';
call secure_tenant_table('usage_entry');
grant select, insert on usage_entry to ${app}, ${worker};

-- Totals a day, made by the consumer of plumbline.usage.
create table usage_day (
    tenant            text   not null,
    day               date   not null,
    model             text   not null,
    requests          bigint not null,
    prompt_tokens     bigint not null,
    completion_tokens bigint not null,
    cached_tokens     bigint not null,
    primary key (tenant, day, model)
);
call secure_tenant_table('usage_day');
grant select on usage_day to ${app};
grant select, insert, update on usage_day to ${worker};
