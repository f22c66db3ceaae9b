-- Held answers (docs/decisions/0009-hold-and-review.md). Content lies here, under row-level security; events and audit get digests.

create table review_case (
    id                text primary key,
    tenant            text        not null,
    state             text        not null check (state in ('PENDING', 'APPROVED', 'EDITED', 'REJECTED', 'EXPIRED')),
    level             text        not null check (level in ('FIRST', 'SECOND')),
    severity          integer     not null check (severity between 1 and 4),
    answer_id         text        not null,
    model             text        not null,
    deployment        text,
    asked_by          text        not null,
    language          text        not null check (language in ('ZH', 'EN')),
    rule_set          text        not null,
    conversation      text        not null,
    choices           text        not null,
    findings          text        not null,
    opened_at         timestamptz not null,
    deadline          timestamptz not null,
    -- What the caller gets, by index of the choice; only a decision writes it.
    released          text,
    -- The lease: written by claim, renewal and release alone, with the clock of the database. Claimed = lease_until is ahead.
    lease_holder      text,
    lease_token       bigint      not null default 0,
    lease_until       timestamptz,
    escalated_by      text,
    escalated_at      timestamptz,
    escalation_reason text,
    decided_by        text,
    decided_at        timestamptz,
    decision_reason   text,
    decision_note     text,
    unique (tenant, answer_id),
    check ((state = 'PENDING') = (decided_at is null)),
    check (released is null or state in ('APPROVED', 'EDITED'))
);
create index review_case_queue on review_case (tenant, deadline, id) where state = 'PENDING';
create index review_case_decided on review_case (tenant, decided_at desc, id desc) where state <> 'PENDING';
create index review_case_due on review_case (deadline) where state = 'PENDING';
call secure_tenant_table('review_case');
-- What was asked, generated and found never changes.
grant select, insert on review_case to ${app};
grant update (state, level, released, lease_holder, lease_token, lease_until, escalated_by, escalated_at, escalation_reason,
    decided_by, decided_at, decision_reason, decision_note) on review_case to ${app};
grant select on review_case to ${worker};

-- What a reviewer typed, kept for them whatever becomes of their lease.
create table review_draft (
    case_id  text        not null references review_case,
    author   text        not null,
    tenant   text        not null,
    texts    text        not null,
    note     text        not null,
    saved_at timestamptz not null,
    primary key (case_id, author)
);
call secure_tenant_table('review_draft');
grant select, insert, update on review_draft to ${app};

-- An answer under review is stored whether or not its caller asked for it, and may not be deleted until it is decided.
alter table stored_answer add column case_id text references review_case, add column pending boolean not null default false;
grant update (body, pending) on stored_answer to ${app};
