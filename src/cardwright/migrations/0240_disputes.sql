-- Disputes of card transactions. The amount counts against what is left of the transaction.
create table issuing_disputes (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    amount bigint not null check (amount > 0),
    status text not null
    check (status in ('expired', 'lost', 'submitted', 'unsubmitted', 'won')),
    transaction text collate "C" not null,
    platform_id text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, transaction) references issuing_transactions (account_id, id)
);
create index issuing_disputes_by_creation on issuing_disputes (account_id, created desc, id desc);
create index issuing_disputes_by_transaction on issuing_disputes (account_id, transaction);
create index issuing_disputes_by_platform on issuing_disputes (platform_id, created desc, id desc);
