-- Places that money can go to. Their numbers are sealed in secrets.
create table payout_methods (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created text collate "C" not null,
    archived boolean not null,
    vault_type text,
    body jsonb not null,
    primary key (account_id, id)
);
create index payout_methods_by_creation on payout_methods (account_id, created desc, id desc);

create table outbound_setup_intents (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created text collate "C" not null,
    status text not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index outbound_setup_intents_by_creation
on outbound_setup_intents (account_id, created desc, id desc);

-- Money that owners of financial accounts move.
create table outbound_transfers (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    status text not null check (
        status in ('canceled', 'failed', 'posted', 'processing', 'returned')
    ),
    financial_account text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index outbound_transfers_by_creation
on outbound_transfers (account_id, created desc, id desc);

create table outbound_payments (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    status text not null check (
        status in ('canceled', 'failed', 'posted', 'processing', 'returned')
    ),
    financial_account text collate "C" not null,
    recipient text collate "C",
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index outbound_payments_by_creation on outbound_payments (account_id, created desc, id desc);

create table inbound_transfers (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    status text not null check (status in ('canceled', 'failed', 'processing', 'succeeded')),
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index inbound_transfers_by_creation on inbound_transfers (account_id, created desc, id desc);

create table credit_reversals (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    received_credit text collate "C" not null,
    status text not null check (status in ('canceled', 'posted', 'processing')),
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index credit_reversals_by_creation on credit_reversals (account_id, created desc, id desc);

create table debit_reversals (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    received_debit text collate "C" not null,
    status text not null check (status in ('failed', 'processing', 'succeeded')),
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index debit_reversals_by_creation on debit_reversals (account_id, created desc, id desc);
