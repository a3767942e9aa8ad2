-- name: disputed_minor
-- What the disputes of a transaction claim of it, those that ended without success aside.
select coalesce(sum(amount), 0)::bigint from issuing_disputes
 where account_id = :account_id and transaction = :transaction and id <> :besides
   and status in ('unsubmitted', 'submitted', 'won');

-- name: account_of_dispute
-- Which account of a platform a dispute belongs to.
select account_id from issuing_disputes where platform_id = :platform_id and id = :id;
