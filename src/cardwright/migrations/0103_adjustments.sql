-- What operators changed in an account's books by hand, why, and who asked for it.
create table ledger_adjustments (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    type text not null check (type in ('adjustment', 'correction', 'write_off')),
    currency text not null,
    balance text collate "C" not null,
    amount bigint not null check (amount <> 0),
    body jsonb not null,
    primary key (account_id, id)
);
create index ledger_adjustments_by_creation
on ledger_adjustments (account_id, created desc, id desc);
