-- name: is_confirmed
-- Whether a purchase of no less was confirmed with the card at the merchant since an instant.
select exists (
    select from fraud_challenges
     where account_id = :account_id and card = :card and status = 'verified'
       and merchant = :merchant and amount_minor >= :amount_minor and verified_ms > :since_ms
);

-- name: send_challenge
-- Ask a cardholder to confirm what was declined.
insert into fraud_challenges
    (account_id, authorization_id, card, merchant, currency, amount_minor, status, created_ms)
values
    (:account_id, :authorization_id, :card, :merchant, :currency, :amount_minor, :status,
     :created_ms)
on conflict (account_id, authorization_id) do nothing;

-- name: answer_challenge
-- End a challenge that is pending; no row when it is not.
update fraud_challenges set status = :status, verified_ms = :verified_ms
 where account_id = :account_id and authorization_id = :authorization_id and status = 'pending';

-- name: pending_challenges
-- The challenges that wait for an answer, of the accounts of a platform, oldest first.
select challenge.account_id, challenge.authorization_id, challenge.card, challenge.currency,
       challenge.amount_minor, challenge.created_ms,
       coalesce(made.body #>> '{merchant_data,name}', challenge.merchant) as merchant_name
  from tenants tenant
  join fraud_challenges challenge on challenge.account_id = tenant.account_id
  join authorizations made
    on made.account_id = challenge.account_id and made.id = challenge.authorization_id
 where tenant.platform_id = :platform_id and challenge.status = 'pending'
 order by challenge.created_ms, challenge.authorization_id
 limit :count;
