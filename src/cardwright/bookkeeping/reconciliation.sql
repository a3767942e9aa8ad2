-- name: day_balances
-- What each book of a platform's accounts had when a day began, by its entries, and when it ended,
-- by the balance that is kept now less what has happened since.
with own as (
    select
        tenants.account_id,
        (
            select coalesce(programs.platform_program, programs.id) from programs
            where programs.account_id = tenants.account_id and programs.is_default
        ) as program
    from tenants
    where tenants.platform_id = :platform_id
),

before as (
    select entries.account_id, book, currency, sum(amount_minor)::bigint as amount_minor
    from entries
    where entries.account_id in (select account_id from own) and created_ms < :from_ms
    group by entries.account_id, book, currency
),

since as (
    select entries.account_id, book, currency, sum(amount_minor)::bigint as amount_minor
    from entries
    where entries.account_id in (select account_id from own) and created_ms >= :until_ms
    group by entries.account_id, book, currency
),

kept as (
    select account_id, book, currency, available_minor + held_minor as amount_minor
    from balances
    where account_id in (select account_id from own)
)

select
    own.account_id, own.program, book, currency,
    coalesce(before.amount_minor, 0) as opening_minor,
    coalesce(kept.amount_minor, 0) - coalesce(since.amount_minor, 0) as closing_minor
from kept
full join before using (account_id, book, currency)
full join since using (account_id, book, currency)
inner join own using (account_id)
order by own.program nulls last, own.account_id, book, currency;

-- name: day_movements
-- What a day did to each book of a platform's accounts, by reason.
select
    entries.account_id, book, currency, reason, count(distinct transfer_id) as transfers,
    sum(amount_minor)::bigint as amount_minor
from entries
inner join tenants on entries.account_id = tenants.account_id
where
    tenants.platform_id = :platform_id
    and entries.created_ms >= :from_ms and entries.created_ms < :until_ms
group by entries.account_id, book, currency, reason
order by entries.account_id, book, currency, reason;

-- name: day_at_the_bank
-- What the bank statements of a platform say of a day, by what became of it.
select
    currency, status, count(*) as lines,
    coalesce(sum(amount) filter (where amount > 0), 0)::bigint as arrived_minor,
    coalesce(-sum(amount) filter (where amount < 0), 0)::bigint as left_minor
from bank_statement_lines
where account_id = :platform_id and booked_on = :day
group by currency, status
order by currency, status;
