-- Transfers from a platform to its connected accounts; the rows are the platform's.
create table transfers (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    destination text collate "C" not null,
    transfer_group text,
    body jsonb not null,
    primary key (account_id, id)
);
create index transfers_by_creation on transfers (account_id, created desc, id desc);
create index transfers_by_group on transfers (account_id, transfer_group)
where transfer_group is not null;

create table transfer_reversals (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    transfer text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, transfer) references transfers (account_id, id)
);
create index transfer_reversals_by_creation
on transfer_reversals (account_id, transfer, created desc, id desc);

-- Money that is under way between two balances of an account, or has arrived.
create table balance_transfers (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index balance_transfers_by_creation
on balance_transfers (account_id, created desc, id desc);
