-- Payouts: money that leaves to an account's own bank.
create table payouts (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    amount bigint not null check (amount <> 0),
    currency text collate "C" not null,
    arrival_date bigint not null,
    destination text collate "C",
    status text not null check (
        status in ('pending', 'in_transit', 'paid', 'failed', 'canceled')
    ),
    body jsonb not null,
    primary key (account_id, id)
);
create index payouts_by_creation on payouts (account_id, created desc, id desc);
-- Few of all payouts wait for the next payment file.
create index payouts_waiting on payouts (currency, account_id, id) where status = 'pending';

-- Files of payments that the operator hands to a bank; the content is sealed in secrets. They
-- belong to the platform.
create table payment_files (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    currency text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index payment_files_by_creation on payment_files (account_id, created desc, id desc);
