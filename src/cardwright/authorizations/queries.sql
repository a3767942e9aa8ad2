-- name: get_holding
-- What the object does not show of an authorization.
select spend_root, book, held_minor, counted_minor from authorizations
 where account_id = :account_id and id = :id;

-- name: save_holding
-- What is held and counted of an authorization now.
update authorizations set held_minor = :held_minor, counted_minor = :counted_minor
 where account_id = :account_id and id = :id;

-- name: count_spending
-- Add to totals; the gate is held.
insert into spending_totals as counter
    (account_id, owner, category, month, currency, day, amount_minor, days)
select :account_id, owner, category, :month, :currency, :day::integer, :amount_minor::bigint,
       array_fill(:amount_minor::bigint, array[1], array[:day::integer])
  from unnest(:owners::text[], :categories::text[]) counted (owner, category)
on conflict (account_id, owner, category, month, currency)
do update set amount_minor = counter.amount_minor + excluded.amount_minor,
              day = excluded.day,
              days[excluded.day]
                  = coalesce(counter.days[excluded.day], 0) + excluded.amount_minor;

-- name: discount_spending
-- Take away from totals what is no longer spent, never below zero.
update spending_totals counter
   set amount_minor = greatest(0, counter.amount_minor - :amount_minor::bigint),
       days[:day::integer] = greatest(0, counter.days[:day::integer] - :amount_minor::bigint)
  from unnest(:owners::text[], :categories::text[]) counted (owner, category)
 where counter.account_id = :account_id and counter.owner = counted.owner
   and counter.category = counted.category and counter.month = :month
   and counter.currency = :currency;

-- name: keep_decision
-- Add what a decision looked at to what those before it did.
update authorizations
   set decisions = (coalesce(decisions::jsonb, '[]') || jsonb_build_array(:decision::jsonb))::json
 where account_id = :account_id and id = :id;

-- name: open_holds
-- The open holds of authorizations created within an interval (seconds), oldest first.
select id from authorizations
 where account_id = :account_id and created >= :from_seconds and created < :until_seconds
   and status = 'pending' and held_minor > 0
 order by created, id;

-- name: total_of
-- What one tally comes to.
select coalesce(
           sum(
               case when spent.month = :month and :day::integer > 1
                   then (
                       select coalesce(sum(amount_minor), 0)
                         from unnest(spent.days[:day::integer:]) amount_minor
                   )
                   else spent.amount_minor
               end
           ),
           0
       )::bigint
  from spending_totals spent
 where spent.account_id = :account_id and spent.owner = :owner and spent.month >= :month
   and spent.currency = :currency
   and spent.category = any(coalesce(:categories::text[], array['*']));

-- name: open_question
-- Keep a question about more on an authorization.
insert into authorization_questions
    (account_id, authorization_id, asked_ms, key, version, additional, endpoint)
values (:account_id, :authorization_id, :asked_ms, :key, :version, true, :endpoint);

-- name: authorization_of_network
-- The authorization that the network names so.
select id from authorizations where account_id = :account_id and network_ref = :network_ref;

-- name: insert_authorization
-- An authorization that was decided elsewhere; nothing is held or counted of it yet.
insert into authorizations
    (account_id, id, created, card, cardholder, status, network_ref, spend_root, book, held_minor,
     counted_minor, body, decisions)
values
    (:account_id, :id, :created, :card, :cardholder, :status, :network_ref, :spend_root, :book, 0,
     0, :body, :decisions);

-- name: last_approved
-- When an account's newest approved authorization after an instant was made (seconds).
select created from authorizations
 where account_id = :account_id and created > :since and (body ->> 'approved')::boolean
 order by created desc limit 1;
