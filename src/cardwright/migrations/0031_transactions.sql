-- Card transactions: what was captured from cards and refunded to them.
create table issuing_transactions (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    card text collate "C" not null,
    cardholder text collate "C",
    type text not null check (type in ('capture', 'refund')),
    body jsonb not null,
    primary key (account_id, id)
);
create index issuing_transactions_by_creation
on issuing_transactions (account_id, created desc, id desc);
