-- name: get_origin
-- Which book a transaction was taken from, and how much of it was refunded.
select book, refunded_minor from issuing_transactions
 where account_id = :account_id and id = :id;

-- name: set_book
-- The book that a new transaction was taken from, where it is not the Issuing balance.
update issuing_transactions set book = :book where account_id = :account_id and id = :id;

-- name: add_refunded
-- More of a capture was refunded.
update issuing_transactions set refunded_minor = refunded_minor + :amount_minor
 where account_id = :account_id and id = :id;
