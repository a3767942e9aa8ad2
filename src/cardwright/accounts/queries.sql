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

-- name: list_facts
-- What was found out about an account and its persons, or is being found out.
select subject, name, digest, outcome, settled, due_ms from account_verifications
 where account_id = :account_id order by subject, name;

-- name: put_fact
-- Write what a check found, or that it runs.
insert into account_verifications
       (account_id, subject, name, digest, outcome, settled, due_ms, started_ms)
values (:account_id, :subject, :name, :digest, :outcome, :settled, :due_ms, :started_ms)
on conflict (account_id, subject, name) do update
   set digest = excluded.digest, outcome = excluded.outcome, settled = excluded.settled,
       due_ms = excluded.due_ms, started_ms = excluded.started_ms;

-- name: delete_fact
-- Forget a check whose values are gone.
delete from account_verifications
 where account_id = :account_id and subject = :subject and name = :name;

-- name: settle_facts
-- Let the checks that have come to an end count.
update account_verifications set settled = true
 where account_id = :account_id and not settled and outcome is not null;

-- name: answer_check
-- Write the answer to a check that waits for one.
update account_verifications set outcome = :outcome, settled = true, due_ms = :due_ms
 where account_id = :account_id and subject = :subject and name = :name;

