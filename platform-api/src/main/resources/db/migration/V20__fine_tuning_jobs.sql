-- Fine-tuning jobs. The queue is this table: workers claim rows with FOR UPDATE SKIP LOCKED (docs/decisions/0008-trainer-process.md).

create table fine_tuning_job (
    id                       text primary key,
    tenant                   text             not null,
    version                  integer          not null default 0,
    state                    text             not null check (state in
        ('VALIDATING_FILES', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    priority                 text             not null check (priority in ('LOW', 'NORMAL', 'HIGH')),
    base_model               text             not null,
    base_model_sha256        text             not null,
    training_file            text             not null,
    training_file_sha256     text             not null,
    validation_file          text,
    suffix                   text             not null default '',
    seed                     bigint           not null,
    metadata                 text             not null default '{}',
    requested_epochs         integer,
    requested_batch_size     integer,
    requested_multiplier     double precision,
    epochs                   integer,
    batch_size               integer,
    multiplier               double precision,
    lora_rank                integer          not null,
    lora_alpha               double precision not null,
    target_modules           text[]           not null,
    max_tokens               integer          not null,
    base_learning_rate       double precision not null,
    chat_template            text,
    created_by               text             not null,
    created_at               timestamptz      not null,
    started_at               timestamptz,
    finished_at              timestamptz,
    fine_tuned_model         text,
    result_file              text,
    trained_tokens           bigint,
    error_code               text,
    error_message            text,
    error_param              text,
    steps_done               integer          not null default 0,
    total_steps              integer          not null default 0,
    train_loss               double precision,
    first_valid_loss         double precision,
    valid_loss               double precision,
    last_evaluated_step      integer          not null default -1,
    failures                 integer          not null default 0,
    -- The lease: written by claim, renewal and release alone, with the clock of the database.
    lease_owner              text,
    lease_token              bigint           not null default 0,
    lease_until              timestamptz,
    not_before               timestamptz      not null default now(),
    training_claimed_at      timestamptz
);
create index fine_tuning_job_by_tenant on fine_tuning_job (tenant, created_at desc, id desc);
create index fine_tuning_job_unfinished on fine_tuning_job (state, created_at)
    where state in ('VALIDATING_FILES', 'QUEUED', 'RUNNING');
create unique index fine_tuning_job_by_model on fine_tuning_job (tenant, fine_tuned_model)
    where fine_tuned_model is not null;
call secure_tenant_table('fine_tuning_job');
grant select, insert, update on fine_tuning_job to ${app};
grant select on fine_tuning_job to ${worker};
grant update (lease_owner, lease_token, lease_until, training_claimed_at) on fine_tuning_job to ${worker};

create table fine_tuning_event (
    id         text primary key,
    seq        bigint generated always as identity,
    tenant     text        not null,
    job        text        not null references fine_tuning_job,
    created_at timestamptz not null,
    level      text        not null check (level in ('INFO', 'WARN', 'ERROR')),
    type       text        not null check (type in ('MESSAGE', 'METRICS')),
    message    text        not null,
    data       text        not null default '{}'
);
create index fine_tuning_event_by_job on fine_tuning_event (job, seq desc);
call secure_tenant_table('fine_tuning_event');
grant select, insert on fine_tuning_event to ${app};

create table fine_tuning_checkpoint (
    id         text primary key,
    tenant     text        not null,
    job        text        not null references fine_tuning_job,
    step       integer     not null,
    created_at timestamptz not null,
    train_loss double precision,
    valid_loss double precision,
    unique (job, step)
);
call secure_tenant_table('fine_tuning_checkpoint');
grant select, insert on fine_tuning_checkpoint to ${app};
