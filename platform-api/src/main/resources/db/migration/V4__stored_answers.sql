-- Answers whose caller asked for store: true; body is the chat.completion as it was sent.
create table stored_answer (
    id         text primary key,
    tenant     text        not null,
    model      text        not null,
    body       text        not null,
    created_by text        not null,
    created_at timestamptz not null
);
create index stored_answer_newest on stored_answer (tenant, created_at desc);
call secure_tenant_table('stored_answer');
grant select, insert, delete on stored_answer to ${app};
