-- name: current_screening
-- The search of watchlists for the values that a cardholder has now.
select id from cardholder_screenings
 where account_id = :account_id and cardholder = :cardholder and current;

-- name: find_screening
-- The search of watchlists for given values of a cardholder, now or before.
select id from cardholder_screenings
 where account_id = :account_id and cardholder = :cardholder and digest = :digest;

-- name: account_of_screening
-- The account that a search of watchlists is about.
select account_id from cardholder_screenings where platform_id = :platform_id and id = :id;
