-- name: default_design
-- The design that an account's cards are made with when they name none.
select id from personalization_designs where account_id = :account_id and is_default;

-- name: hold_design
-- Keep a design as it is until the transaction ends; others may keep it too.
select id from personalization_designs where account_id = :account_id and id = :id for share;

-- name: holder_of_key
-- The design that has a lookup key.
select id from personalization_designs
where account_id = :account_id and lookup_key = :lookup_key;

-- name: account_of_design
-- Which of a platform's accounts has a design.
select account_id from personalization_designs where platform_id = :platform_id and id = :id;
