-- name: insert_card
-- A new card with what is not part of the object: its number's digest and its chain.
insert into cards (
    account_id, id, created, cardholder, status, type, currency, last4, exp_month, exp_year,
    financial_account, program, personalization_design, replacement_for, spend_root, pan_index,
    body
)
values (
    :account_id, :id, :created, :cardholder, :status, :type, :currency, :last4, :exp_month,
    :exp_year, :financial_account, :program, :personalization_design, :replacement_for,
    :spend_root, :pan_index, :body
);

-- name: get_numbering
-- The number's digest and the first card of the chain.
select pan_index, spend_root from cards where account_id = :account_id and id = :id;

-- name: add_route
-- Route a number to its card, unless some card has the number already.
insert into card_number_routes (pan_index, account_id, card_id)
values (:pan_index, :account_id, :card_id)
on conflict (pan_index) do nothing;

-- name: account_of_card
-- The account that has a card, for an operator who knows the card alone.
select account_id from cards where id = :id;

-- name: cards_of_design
-- The cards that wait to be made with a design: those of the account, and when it is a platform
-- those of its accounts; in the order of locks.
select cards.account_id, cards.id from cards
join tenants on tenants.account_id = cards.account_id
where
    cards.personalization_design = :design
    and (cards.account_id = :account_id or tenants.platform_id = :account_id)
    and cards.status <> 'canceled' and cards.body -> 'shipping' ->> 'status' = 'pending'
order by cards.account_id, cards.id;

-- name: find_route
-- The account whose card has a number.
select account_id from card_number_routes where pan_index = :pan_index;

-- name: cards_with_number
-- The cards that have a number, the oldest first.
select id from cards where account_id = :account_id and pan_index = :pan_index
 order by created, id;

-- name: accounts_with_cards
-- The accounts of a platform, in the order of locks.
select account_id from tenants where platform_id = :platform_id order by account_id;

-- name: set_wallets
-- The wallets of all cards of an account, as the platform's agreements make them.
update cards set body = jsonb_set(body, '{wallets}', :wallets::jsonb)
where account_id = :account_id;

-- name: add_nonce
-- A nonce that a key can be made with.
insert into ephemeral_key_nonces (account_id, public_nonce, private_digest, expires_ms)
values (:account_id, :public_nonce, :private_digest, :expires_ms);

-- name: use_nonce
-- Use a nonce up; nothing when there is none of that name whose hour is not over.
delete from ephemeral_key_nonces
 where account_id = :account_id and public_nonce = :public_nonce and expires_ms > :now_ms
returning private_digest;

-- name: purge_nonces
-- Remove nonces whose hour is over.
delete from ephemeral_key_nonces where expires_ms <= :now_ms;

-- name: purge_ephemeral_keys
-- Remove ephemeral keys whose hour is over.
delete from ephemeral_keys where expires <= :now;

-- name: active_cards
-- The cards of an account that can pay.
select id from cards where account_id = :account_id and status = 'active' order by id;
