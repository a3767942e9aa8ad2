-- What each account has in each book, kept equal to the sum of its entries. Only the issuing book
-- holds; a customer's book is below zero only while a forced post has overdrawn it.
create table balances (
    account_id text collate "C" not null references tenants (account_id),
    book text collate "C" not null check (
        book in (
            'payments', 'payments_pending', 'issuing', 'clearing', 'network_settlement', 'fees',
            'losses', 'outside'
        )
    ),
    currency text collate "C" not null check (currency ~ '^[a-z]{3}$'),
    available_minor bigint not null default 0,
    held_minor bigint not null default 0 check (held_minor >= 0),
    overdrawn boolean not null default false,
    primary key (account_id, book, currency),
    check (held_minor = 0 or book = 'issuing'),
    check (available_minor >= 0 or overdrawn or book not in ('payments', 'issuing'))
) with (fillfactor = 50);

-- The books themselves, append-only. The lines of a transfer sum to zero for each currency within
-- the account; line 0 is the one that a balance transaction shows.
create table entries (
    account_id text collate "C" not null,
    transfer_id text collate "C" not null,
    line smallint not null check (line >= 0),
    book text collate "C" not null,
    part text not null check (part in ('available', 'held')),
    currency text collate "C" not null,
    amount_minor bigint not null check (amount_minor <> 0),
    reason text not null,
    source_id text collate "C",
    description text,
    created_ms bigint not null,
    forced boolean not null default false,
    primary key (account_id, transfer_id, line)
);
create index entries_shown on entries (account_id, (created_ms / 1000) desc, transfer_id desc)
where line = 0;
create index entries_by_source on entries (account_id, source_id, transfer_id) where line = 0;

-- Balance transactions are this view of the entries, not a second book.
create view balance_transactions as
select
    account_id,
    transfer_id as id,
    amount_minor as amount,
    case book when 'issuing' then 'issuing' else 'payments' end as balance_type,
    created_ms / 1000 as created,
    currency,
    description,
    source_id as source,
    reason as type,
    '{}'::jsonb as body
from entries
where line = 0;
