-- More books: platform credit and what is owed for it, what a platform reserves for accounts below
-- zero, money under way, and two for each financial account: its cash, and what was announced.
alter table balances
drop constraint balances_book_check,
drop constraint balances_check,
drop constraint balances_check1;

alter table balances
add constraint balances_book_known check (
    book in (
        'payments', 'payments_pending', 'issuing', 'clearing', 'network_settlement', 'fees',
        'losses', 'outside', 'credit', 'owed', 'reserved', 'payouts_in_transit',
        'topups_in_transit', 'moves_in_transit'
    )
    or book ~ '^fa_[0-9A-Za-z_]+(:inbound_pending)?$'
),
add constraint balances_book_holds check (
    held_minor = 0
    or book in ('issuing', 'payments', 'credit')
    or book ~ '^fa_[0-9A-Za-z_]+$'
),
add constraint balances_floor check (
    available_minor >= 0
    or overdrawn
    or not (book in ('issuing', 'payments', 'credit') or book ~ '^fa_[0-9A-Za-z_]+$')
);

-- Balance transactions tell of the payments and Issuing balances; financial accounts and platform
-- credit have views of their own.
create or replace view balance_transactions as
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
where line = 0 and book in ('payments', 'payments_pending', 'issuing');
