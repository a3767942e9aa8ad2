-- name: save_rates
-- Rates of a platform; those of a day and currency that were loaded before are replaced.
insert into exchange_rates (account_id, currency, day, per_euro)
select :account_id, currency, day, per_euro
  from unnest(:currencies::text[], :days::integer[], :rates::numeric[]) loaded
           (currency, day, per_euro)
 order by currency, day
on conflict (account_id, currency, day) do update set per_euro = excluded.per_euro;

-- name: rates_on
-- The newest rate of each currency on a day, for some currencies or for all.
select distinct on (currency) day, currency, per_euro from exchange_rates
 where account_id = :account_id and day <= :day
   and (:currencies::text[] is null or currency = any(:currencies::text[]))
 order by currency, day desc;
