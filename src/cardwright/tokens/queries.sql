-- name: account_of_token
-- The account that has a token, for an operator who knows the token alone.
select account_id from issuing_tokens where id = :id;

-- name: living_tokens
-- The tokens of a card that are not deleted, in the order of locks.
select id from issuing_tokens
where account_id = :account_id and card = :card and status <> 'deleted'
order by id;
