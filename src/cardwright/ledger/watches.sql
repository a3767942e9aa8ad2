-- name: watched_balances
-- The balances of a book, each with the amount that somebody waits for; either may be missing.
select coalesce(found.currency, watched.currency) as currency,
       coalesce(found.available_minor, 0) as amount_minor,
       watched.threshold_minor
  from (select currency, available_minor from balances
         where account_id = :account_id and book = :book) as found
  full join (select currency, threshold_minor from ledger_watches
              where account_id = :account_id and book = :book and kind = :kind) as watched
       on watched.currency = found.currency
 order by 1;

-- name: forget_watches
-- Wait for nothing of a kind any more, except in the given currencies.
delete from ledger_watches
 where account_id = :account_id and book = :book and kind = :kind
   and not (currency = any (:currencies::text[]));

-- name: put_watches
-- Wait for an amount in each of some currencies.
insert into ledger_watches (account_id, book, currency, kind, threshold_minor, below)
select :account_id, :book, wanted.currency, :kind, wanted.threshold_minor, :below
  from unnest(:currencies::text[], :thresholds::bigint[]) as wanted (currency, threshold_minor)
on conflict (account_id, book, currency, kind) do update
   set threshold_minor = excluded.threshold_minor, below = excluded.below;

-- name: take_reached
-- Who waited for what some balances come to; they wait no longer. The gates are held.
delete from ledger_watches as watched
 using unnest(:accounts::text[], :books::text[], :currencies::text[], :amounts::bigint[])
       as found (account_id, book, currency, amount_minor)
 where watched.account_id = found.account_id and watched.book = found.book
   and watched.currency = found.currency
   and case when watched.below then found.amount_minor < watched.threshold_minor
            else found.amount_minor >= watched.threshold_minor end
returning watched.account_id, watched.kind;
