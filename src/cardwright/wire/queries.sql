-- name: try_key_lock
-- Hold an idempotency key until commit; false when another request holds it.
select pg_try_advisory_xact_lock(hashtextextended(:name, 0));

-- name: find_answer
-- What a key was used for, and the answer it got.
select fingerprint, status, answer, created_ms from idempotency_keys
 where account_id = :account_id and api = :api and key = :key;

-- name: insert_answer
-- Keep the answer of a request under its key. An outlived one is overwritten; no row is touched
-- when a lane, which does not wait for the lock, has used the key meanwhile.
insert into idempotency_keys as kept (account_id, api, key, fingerprint, status, answer, created_ms)
values (:account_id, :api, :key, :fingerprint, :status, :answer, :created_ms)
on conflict (account_id, api, key) do update
   set fingerprint = excluded.fingerprint, status = excluded.status,
       answer = excluded.answer, created_ms = excluded.created_ms
 where kept.created_ms < :outlived_ms;

-- name: purge_answers
-- Remove answers kept longer than their time.
delete from idempotency_keys
 where (api = 'v1' and created_ms < :before_v1_ms) or (api = 'v2' and created_ms < :before_v2_ms);

-- name: answer_key
-- Give a key that was kept open its answer.
update idempotency_keys set status = 200, answer = :answer
 where account_id = :account_id and api = 'v1' and key = :key and status = 0;

-- name: answer_of_key
-- The answer that a key has got.
select answer from idempotency_keys
 where account_id = :account_id and api = 'v1' and key = :key and status = 200;

-- name: is_key_used
-- Whether a key was used.
select exists (
    select from idempotency_keys where account_id = :account_id and api = 'v1' and key = :key
);
