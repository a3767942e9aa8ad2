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

-- name: spend_by_category
-- Card payments since an instant by merchant category, at home or abroad, and currency.
select body -> 'merchant_data' ->> 'category_code' as category_code,
       coalesce(body -> 'merchant_data' ->> 'country', :country) <> :country as abroad,
       body ->> 'currency' as currency,
       count(*) as payments,
       (-sum((body ->> 'amount')::bigint))::bigint as amount
  from issuing_transactions
 where account_id = :account_id and created >= :since and type = 'capture'
 group by 1, 2, 3;

-- name: newest_payments
-- The newest card payments since an instant with some merchant categories, or abroad.
select id from issuing_transactions
 where account_id = :account_id and created >= :since and type = 'capture'
   and (body -> 'merchant_data' ->> 'category_code' = any (:codes::text[])
        or (:abroad::boolean
            and coalesce(body -> 'merchant_data' ->> 'country', :country) <> :country))
 order by created desc, id desc limit :count;

-- name: paid_since
-- Whether a card paid since an instant.
select exists (select 1 from issuing_transactions
                where account_id = :account_id and created >= :since and type = 'capture');

-- name: last_force_capture
-- When an account's newest capture without an authorization after an instant was made (seconds).
select created from issuing_transactions
 where account_id = :account_id and created > :since and type = 'capture'
   and body ->> 'authorization' is null
 order by created desc limit 1;
