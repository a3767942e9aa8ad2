-- What the entries tell of financial accounts: views of the ledger, not second books. Line 0 of a
-- transfer is in the book of the financial account that it concerns.
create index entries_of_financial_accounts
on entries (account_id, created_ms desc, transfer_id desc)
where line = 0 and book like 'fa\_%';

-- A transfer, as the financial account sees it. What came back after it had left is a transaction of
-- its own; everything else that moved for one source is one transaction.
create view financial_account_entries as
select
    entries.account_id,
    'trxne_' || right(entries.transfer_id, 26) as id,
    entries.created_ms as created,
    split_part(entries.book, ':', 1) as financial_account,
    'trxn_' || right(
        case
            when entries.source_id is null or entries.reason like '%\_return'
                then entries.transfer_id
            else entries.source_id
        end, 26
    ) as transaction,
    entries.source_id as source,
    entries.reason,
    entries.currency,
    entries.description,
    impact.available,
    impact.inbound_pending,
    impact.outbound_pending,
    '{}'::jsonb as body
from entries
cross join lateral (
    select
        coalesce(
            sum(lines.amount_minor) filter (
                where lines.part = 'available' and lines.book = split_part(entries.book, ':', 1)
            ), 0
        )::bigint as available,
        coalesce(
            sum(lines.amount_minor) filter (where lines.book like 'fa\_%:inbound\_pending'), 0
        )::bigint as inbound_pending,
        coalesce(
            sum(lines.amount_minor) filter (where lines.part = 'held'), 0
        )::bigint as outbound_pending
    from entries as lines
    where lines.account_id = entries.account_id and lines.transfer_id = entries.transfer_id
) as impact
where entries.line = 0 and entries.book like 'fa\_%';

-- The transfers that belong together, at the first of them. A transaction is pending while something
-- of it is held or announced, and void when nothing of it was moved in the end.
create view financial_account_transactions as
select
    entries.account_id,
    'trxn_' || right(
        case when alone.alone then entries.transfer_id else entries.source_id end, 26
    ) as id,
    entries.created_ms as created,
    split_part(entries.book, ':', 1) as financial_account,
    entries.source_id as source,
    entries.reason,
    entries.currency,
    entries.description,
    entries.amount_minor as opened,
    total.available,
    total.inbound_pending,
    total.outbound_pending,
    total.changed,
    case
        when total.outbound_pending <> 0 or total.inbound_pending <> 0 then 'pending'
        when total.available <> 0 then 'posted'
        else 'void'
    end as status,
    '{}'::jsonb as body
from entries
cross join lateral (
    select entries.source_id is null or entries.reason like '%\_return' as alone
) as alone
cross join lateral (
    select
        coalesce(
            sum(lines.amount_minor) filter (
                where lines.part = 'available' and lines.book = split_part(entries.book, ':', 1)
            ), 0
        )::bigint as available,
        coalesce(
            sum(lines.amount_minor) filter (where lines.book like 'fa\_%:inbound\_pending'), 0
        )::bigint as inbound_pending,
        coalesce(
            sum(lines.amount_minor) filter (where lines.part = 'held'), 0
        )::bigint as outbound_pending,
        max(lines.created_ms) as changed
    from entries as lines
    where
        lines.account_id = entries.account_id
        and lines.transfer_id in (
            select entries.transfer_id
            union
            select own.transfer_id
            from entries as own
            where
                own.account_id = entries.account_id and own.source_id = entries.source_id
                and own.line = 0 and not alone.alone and own.reason not like '%\_return'
        )
) as total
where
    entries.line = 0 and entries.book like 'fa\_%'
    and (
        alone.alone
        or not exists (
            select 1
            from entries as earlier
            where
                earlier.account_id = entries.account_id and earlier.line = 0
                and earlier.source_id = entries.source_id
                and earlier.transfer_id < entries.transfer_id
                and earlier.reason not like '%\_return'
        )
    );

-- Corrections by the operator, as far as they concern financial accounts.
create view financial_account_adjustments as
select
    account_id,
    'adj_' || right(transfer_id, 26) as id,
    created_ms as created,
    book as financial_account,
    currency,
    description,
    amount_minor as amount,
    '{}'::jsonb as body
from entries
where line = 0 and reason = 'adjustment' and book like 'fa\_%';

-- What an account writes on its transactions.
create table financial_account_notes (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);
