-- Bank accounts that top-ups are pulled from. The number is sealed in secrets.
create table bank_sources (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    status text not null check (status in ('pending', 'chargeable', 'failed', 'canceled')),
    body jsonb not null,
    primary key (account_id, id)
);
