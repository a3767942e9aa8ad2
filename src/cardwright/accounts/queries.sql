-- name: person_ids
-- The persons of an account, oldest first.
select id from account_persons where account_id = :account_id order by created, id;

-- name: external_account_ids
-- The bank accounts of an account, oldest first.
select id from external_accounts where account_id = :account_id order by created, id;

-- name: default_external_account
-- Where money of a currency is paid out to.
select id from external_accounts
 where account_id = :account_id and currency = :currency and default_for_currency;

-- name: list_capabilities
-- The capabilities that an account asked for, also those it does not want any more.
select path, requested, status, status_details, requested_ms from account_capabilities
 where account_id = :account_id order by path;

-- name: put_capability
-- Write one capability of an account.
insert into account_capabilities
       (account_id, path, requested, status, status_details, requested_ms)
values (:account_id, :path, :requested, :status, :status_details, :requested_ms)
on conflict (account_id, path) do update
   set requested = excluded.requested, status = excluded.status,
       status_details = excluded.status_details, requested_ms = excluded.requested_ms;
