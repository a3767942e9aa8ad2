-- name: history_opening
-- What a book had before an instant, available and held.
select
    coalesce(sum(amount_minor) filter (where part = 'available'), 0)::bigint as available_minor,
    coalesce(sum(amount_minor) filter (where part = 'held'), 0)::bigint as held_minor
from entries
where
    account_id = :account_id and book = :book and currency = :currency
    and created_ms < :before_ms;

-- name: history_movements
-- What transfers did to a book within an interval, oldest first.
select
    created_ms, transfer_id, reason, source_id, description, bool_or(forced) as forced,
    coalesce(sum(amount_minor) filter (where part = 'available'), 0)::bigint as available_minor,
    coalesce(sum(amount_minor) filter (where part = 'held'), 0)::bigint as held_minor
from entries
where
    account_id = :account_id and book = :book and currency = :currency
    and created_ms >= :from_ms and created_ms < :until_ms
group by created_ms, transfer_id, reason, source_id, description
order by created_ms, transfer_id;

-- name: history_entries
-- Every line of an account, or of all, in the order of the transfers.
select
    account_id, transfer_id, line,
    to_char(to_timestamp(created_ms / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created,
    book, part, currency, amount_minor, reason, source_id, description,
    case when forced then 'true' else 'false' end as forced
from entries
where (:account_id::text is null or account_id = :account_id)
order by account_id, transfer_id, line;

-- name: history_count
-- How many lines an account has, or all.
select count(*) from entries
where (:account_id::text is null or account_id = :account_id);

-- name: history_of_sources
-- The lines of the transfers of some sources, and of some transfers, as they happened.
select transfer_id, reason, created_ms, book, part, currency, amount_minor
  from entries
 where account_id = :account_id
   and transfer_id in (
       select transfer_id from entries
        where account_id = :account_id and source_id = any(:sources::text[]) and line = 0
        union
       select unnest(:transfers::text[])
   )
 order by created_ms, transfer_id, line;

-- name: last_money_moved
-- When money last came to or left the account's payments balance or a financial account of it
-- (seconds; 0: never after the given instant).
select coalesce((select created_ms / 1000 from entries
                  where account_id = :account_id and line = 0
                    and created_ms / 1000 > :since
                    and (book = 'payments' or book like 'fa\_%')
                  order by created_ms / 1000 desc limit 1), 0);
