-- name: account_of_token
-- The account that has a token, for an operator who knows the token alone.
select account_id from issuing_tokens where id = :id;
