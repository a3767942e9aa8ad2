-- Financial accounts. Their money is in the ledger, in the books that their ids name.
create table financial_accounts (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created text collate "C" not null,
    status text not null check (status in ('closed', 'open', 'pending')),
    type text not null,
    -- Whether v1 shows it, and whether cards may spend it.
    is_treasury boolean not null,
    spendable boolean not null,
    body jsonb not null,
    primary key (account_id, id),
    check (not spendable or status = 'open')
);
create index financial_accounts_by_creation
on financial_accounts (account_id, created desc, id desc);

-- Where money for them is sent.
create table financial_addresses (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    status text not null check (status in ('active', 'archived', 'failed', 'pending')),
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index financial_addresses_by_creation
on financial_addresses (account_id, created desc, id desc);
