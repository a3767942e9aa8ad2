-- Top-ups: money that an account brings in from its own bank.
create table topups (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    amount bigint not null check (amount > 0),
    currency text collate "C" not null,
    status text not null check (
        status in ('pending', 'succeeded', 'failed', 'canceled', 'reversed')
    ),
    body jsonb not null,
    primary key (account_id, id)
);
create index topups_by_creation on topups (account_id, created desc, id desc);
