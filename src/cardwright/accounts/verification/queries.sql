-- name: list_facts
-- What was found out about an account and its persons, or is being found out.
select subject, name, digest, outcome, settled as completed, due_ms, wants_document
  from account_verifications
 where account_id = :account_id order by subject, name;

-- name: put_facts
-- Write what checks found, or that they run.
insert into account_verifications
       (account_id, subject, name, digest, outcome, settled, due_ms, wants_document, started_ms)
select :account_id, given.subject, given.name, given.digest, given.outcome, given.completed,
       given.due_ms, given.wants_document, :started_ms
  from unnest(:subjects::text[], :names::text[], :digests::text[], :outcomes::text[],
              :completed::boolean[], :due_ms::bigint[], :wants_document::boolean[])
       as given(subject, name, digest, outcome, completed, due_ms, wants_document)
on conflict (account_id, subject, name) do update
   set digest = excluded.digest, outcome = excluded.outcome, settled = excluded.settled,
       due_ms = excluded.due_ms, wants_document = excluded.wants_document,
       started_ms = excluded.started_ms;

-- name: delete_fact
-- Forget a check whose values are gone.
delete from account_verifications
 where account_id = :account_id and subject = :subject and name = :name;

-- name: complete_checks
-- Let the checks that have come to an end count.
update account_verifications set settled = true
 where account_id = :account_id and not settled and outcome is not null;

-- name: answer_check
-- Write the answer to a check that was started.
update account_verifications
   set outcome = :outcome, settled = true, due_ms = :due_ms, wants_document = :wants_document
 where account_id = :account_id and subject = :subject and name = :name;

-- name: find_case
-- The case of a check of given values.
select id from account_verification_cases
 where account_id = :account_id and subject = :subject and kind = :kind and digest = :digest;

-- name: supersede_cases
-- Nobody needs the answer any more to what is open of a check.
update account_verification_cases set status = 'superseded', due_ms = null
 where account_id = :account_id and subject = :subject and kind = :kind
   and status in ('needs_review', 'queued', 'posted');

-- name: supersede_all_cases
-- Nobody needs an answer about an account any more.
update account_verification_cases set status = 'superseded', due_ms = null
 where account_id = :account_id and status in ('needs_review', 'queued', 'posted');

-- name: close_cases
-- The open case of a check was answered without looking at it.
update account_verification_cases set status = :status, due_ms = null
 where account_id = :account_id and subject = :subject and kind = :kind
   and status in ('needs_review', 'queued', 'posted');

-- name: cases_to_post
-- Cases that a vendor should be asked about now, looked at without locks.
select account_id, id from account_verification_cases
 where status = 'queued' and due_ms <= :machine_ms order by due_ms limit :count;

-- name: account_of_case
-- Whose a case of a platform is.
select account_id from account_verification_cases where platform_id = :platform_id and id = :id;
