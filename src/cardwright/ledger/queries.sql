-- name: list_balances
-- Every balance of an account.
select book, currency, available_minor, held_minor, overdrawn
from balances
where account_id = :account_id
order by book, currency;

-- name: get_balances
-- Some books of an account in some currencies, read under its gate; whether somebody waits there.
select book, currency, available_minor, held_minor, overdrawn,
       exists (
           select from ledger_watches as watched
            where watched.account_id = balances.account_id and watched.book = balances.book
              and watched.currency = balances.currency
       ) as watched
from balances
where
    account_id = :account_id and book = any(:books::text[])
    and currency = any(:currencies::text[])
order by book, currency;

-- name: post_transfers
-- Append the lines of transfers and set the balances that follow from them, in lock order.
with appended as (
    insert into entries (
        account_id, transfer_id, line, book, part, currency, amount_minor, reason, source_id,
        description, created_ms, forced
    )
    select
        :account_id, given.transfer_id, given.line, given.book, given.part, given.currency,
        given.amount_minor, given.reason, given.source_id, given.description, :created_ms,
        given.forced
    from unnest(
        :transfers::text[], :lines::smallint[], :books::text[], :parts::text[],
        :currencies::text[], :amounts::bigint[], :reasons::text[], :sources::text[],
        :descriptions::text[], :forced::boolean[]
    ) as given (
        transfer_id, line, book, part, currency, amount_minor, reason, source_id, description,
        forced
    )
)

insert into balances (account_id, book, currency, available_minor, held_minor, overdrawn)
select
    :account_id, given.book, given.currency, given.available_minor, given.held_minor,
    given.overdrawn
from unnest(
    :balance_books::text[], :balance_currencies::text[], :available::bigint[], :held::bigint[],
    :overdrawn::boolean[]
) as given (book, currency, available_minor, held_minor, overdrawn)
order by given.book, given.currency
on conflict (account_id, book, currency) do update
set available_minor = excluded.available_minor,
    held_minor = excluded.held_minor,
    overdrawn = excluded.overdrawn;

-- name: lines_of_transfer
-- The lines of a transfer, in order.
select line, book, part, currency, amount_minor, forced from entries
where account_id = :account_id and transfer_id = :transfer_id
order by line;

-- name: was_corrected
-- Whether a transfer was corrected by another.
select exists (
    select from entries
    where
        account_id = :account_id and source_id = :transfer_id and line = 0
        and reason = 'adjustment'
);

-- name: held_for_source
-- What is still held of a book for a source, by the transfers that a balance transaction shows.
select sum(held.amount_minor)::bigint
from entries as shown
inner join entries as held
    on
        shown.account_id = held.account_id and shown.transfer_id = held.transfer_id
        and held.part = 'held' and held.book = :book
where shown.account_id = :account_id and shown.source_id = :source_id and shown.line = 0;

-- name: audit_accounts
-- The next accounts that have books, by id.
select tenants.account_id from tenants
where
    tenants.account_id > :after
    and (
        exists (select from balances where balances.account_id = tenants.account_id)
        or exists (select from entries where entries.account_id = tenants.account_id)
    )
order by tenants.account_id
limit :limit;

-- name: audit_count
-- How many accounts have books.
select count(distinct account_id) from balances;

-- name: audit_stray
-- Accounts of entries that are not registered.
select distinct account_id from entries
where not exists (select from tenants where tenants.account_id = entries.account_id)
limit 100;

-- name: audit_transfers
-- Transfers whose lines do not sum to zero within an account and currency.
select account_id, transfer_id, currency, sum(amount_minor)::bigint as difference_minor
from entries
where account_id = :account_id
group by account_id, transfer_id, currency
having sum(amount_minor) <> 0
order by account_id, transfer_id, currency
limit 100;

-- name: audit_balances
-- Balances that differ from the sum of their entries, each side missing counted as zero.
with summed as (
    select
        account_id, book, currency,
        coalesce(sum(amount_minor) filter (where part = 'available'), 0)::bigint as available_minor,
        coalesce(sum(amount_minor) filter (where part = 'held'), 0)::bigint as held_minor
    from entries
    where account_id = :account_id
    group by account_id, book, currency
),

kept as (
    select account_id, book, currency, available_minor, held_minor
    from balances
    where account_id = :account_id
)

select
    account_id, book, currency,
    coalesce(kept.available_minor, 0) as available_minor,
    coalesce(kept.held_minor, 0) as held_minor,
    coalesce(summed.available_minor, 0) as summed_available_minor,
    coalesce(summed.held_minor, 0) as summed_held_minor
from kept full join summed using (account_id, book, currency)
where
    coalesce(kept.available_minor, 0) <> coalesce(summed.available_minor, 0)
    or coalesce(kept.held_minor, 0) <> coalesce(summed.held_minor, 0)
order by account_id, book, currency
limit 100;

-- name: audit_floors
-- Balances below zero that no forced transfer explains.
select balances.account_id, balances.book, balances.currency, balances.available_minor
from balances
where
    balances.account_id = :account_id
    and (
        balances.book in ('payments', 'issuing', 'credit')
        or balances.book ~ '^fa_[0-9A-Za-z_]+$'
    )
    and balances.available_minor < 0
    and not exists (
        select 1 from entries
        where
            entries.account_id = balances.account_id and entries.book = balances.book
            and entries.currency = balances.currency and entries.forced
    )
order by balances.account_id, balances.book, balances.currency
limit 100;

-- name: audit_holds
-- Sources that gave back more than was held for them.
select account_id, source_id, book, currency, sum(amount_minor)::bigint as held_minor
from entries
where account_id = :account_id and part = 'held'
group by account_id, source_id, book, currency
having sum(amount_minor) < 0
order by account_id, source_id, book, currency
limit 100;

-- name: audit_pending
-- Pending transfers that hold another amount than their entries do.
select
    pending_transfers.account_id, pending_transfers.id, pending_transfers.currency,
    pending_transfers.amount_held, coalesce(summed.held_minor, 0) as held_minor
from pending_transfers
left join lateral (
    select sum(held.amount_minor)::bigint as held_minor
    from entries as shown
    inner join entries as held
        on
            shown.account_id = held.account_id and shown.transfer_id = held.transfer_id
            and held.part = 'held'
    where
        shown.account_id = pending_transfers.account_id
        and shown.source_id = pending_transfers.id and shown.line = 0
) as summed on true
where
    pending_transfers.account_id = :account_id
    and pending_transfers.amount_held <> coalesce(summed.held_minor, 0)
order by pending_transfers.id
limit 100;

-- name: audit_clearing
-- Transfers between accounts whose clearing lines do not cancel out.
select transfer_id, currency, sum(amount_minor)::bigint as difference_minor
from entries
where book = 'clearing'
group by transfer_id, currency
having sum(amount_minor) <> 0
order by transfer_id, currency
limit 100;

-- name: put_terms
-- Say when the money of a balance transaction can be used.
insert into balance_transaction_terms (account_id, id, available_on, status)
values (:account_id, :id, :available_on, 'pending');

-- name: end_terms
-- The money of a balance transaction can be used from now on.
update balance_transaction_terms set available_on = :available_on, status = 'available'
where account_id = :account_id and id = :id;

-- name: balances_in_books
-- The balances of an account in some books.
select book, currency, available_minor, held_minor, overdrawn
from balances
where account_id = :account_id and book = any(:books::text[])
order by book, currency;

-- name: spent_since
-- What transfers of a reason took from a book since an instant, by currency.
select currency, -sum(amount_minor)::bigint as spent_minor
  from entries
 where account_id = :account_id and line = 0 and created_ms / 1000 > :since
   and book = :book and reason = :reason
 group by currency;

-- name: accounts_with_book
-- The accounts of a platform that have a balance in a book, after one of them.
select account_id from tenants
 where platform_id = :platform_id and account_id > :after
   and exists (select from balances
                where balances.account_id = tenants.account_id and balances.book = :book)
 order by account_id limit :count;
