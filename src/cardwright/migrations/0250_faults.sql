-- What goes wrong on purpose, for a while: a platform of the test environment asked for it.
create table faults (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    -- Machine time in seconds: afterwards nothing is struck any more.
    expires_at bigint not null,
    -- How often at most, and how often it was.
    count integer,
    strikes integer not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index faults_by_creation on faults (account_id, created desc, id desc);
create index faults_by_expiry on faults (expires_at);
