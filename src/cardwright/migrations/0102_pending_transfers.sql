-- What was made under a key that the caller chose, so that it is made once.
create table transfer_keys (
    account_id text collate "C" not null references tenants (account_id),
    key text collate "C" not null,
    digest text not null,
    made_id text collate "C" not null,
    primary key (account_id, key)
);

-- Money set aside with an id and an expiry of its own, until it is taken, given back or lapses.
create table pending_transfers (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    status text not null check (status in ('pending', 'captured', 'released', 'expired')),
    currency text not null,
    balance text collate "C" not null,
    amount bigint not null check (amount > 0),
    amount_held bigint not null check (amount_held >= 0 and amount_held <= amount),
    amount_captured bigint not null check (amount_captured >= 0),
    amount_released bigint not null check (amount_released >= 0),
    body jsonb not null,
    primary key (account_id, id),
    check (amount_held = 0 or status = 'pending'),
    check (amount_released + amount_held <= amount)
);
create index pending_transfers_by_creation
on pending_transfers (account_id, created desc, id desc);
