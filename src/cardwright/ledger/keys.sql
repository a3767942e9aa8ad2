-- name: find_transfer_key
-- What was made under a key.
select digest, made_id from transfer_keys where account_id = :account_id and key = :key;

-- name: keep_transfer_key
-- Remember what was made under a key.
insert into transfer_keys (account_id, key, digest, made_id)
values (:account_id, :key, :digest, :made_id);
