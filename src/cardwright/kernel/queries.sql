-- name: lock_gate
-- Lock an account's gate; only later statements may read what is decided on.
select account_id from gates where account_id = :account_id for no key update;
