-- What came into financial accounts and what was taken from them.
create table received_credits (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    status text not null check (status in ('failed', 'pending', 'returned', 'succeeded')),
    type text not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index received_credits_by_creation on received_credits (account_id, created desc, id desc);

create table received_debits (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created text collate "C" not null,
    financial_account text collate "C" not null,
    status text not null check (
        status in ('canceled', 'failed', 'pending', 'returned', 'succeeded')
    ),
    type text not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, financial_account) references financial_accounts (account_id, id)
);
create index received_debits_by_creation on received_debits (account_id, created desc, id desc);
