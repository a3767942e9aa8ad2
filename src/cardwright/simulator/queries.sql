-- name: expiries
-- What of an account ends by itself at an instant: cards by the month that is printed on them, links
-- and keys by theirs. The months of cards and what file links say are on the account's clock.
select 'card_expiry' as kind, id as subject, exp_year, exp_month, null::bigint as due_ms,
       'account' as timebase
  from cards where account_id = :account_id and status <> 'canceled'
union all
select 'file_link_expiry', id, null, null, expires_at * 1000, 'account'
  from file_links where account_id = :account_id and expires_at is not null
union all
select 'account_link_expiry', left(token_hash, 12), null, null, expires_ms, 'machine'
  from account_links where account_id = :account_id and session_hash is null
union all
select 'api_key_expiry', kind || '_' || last4, null, null, expires_ms, 'machine'
  from api_keys where account_id = :account_id and expires_ms is not null;
