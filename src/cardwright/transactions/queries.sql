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

-- name: count_force_captures
-- How many captures without an authorization there are of each card, in order.
select (
           select count(*) from issuing_transactions spent
            where spent.account_id = asked.account_id and spent.card = asked.card
              and spent.type = 'capture' and spent.body ->> 'authorization' is null
       ) as captures
  from unnest(:account_ids::text[], :cards::text[]) with ordinality asked (account_id, card, n)
 order by asked.n;
