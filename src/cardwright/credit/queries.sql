-- name: get_terms
-- What counts of an account's credit policy in a currency when money is allotted.
select id, status = 'active' as active, (body ->> 'credit_limit_amount')::bigint as limit_minor
  from credit_policies
 where account_id = :account_id and credit_limit_currency = :currency;

-- name: policy_currencies
-- The currencies that an account has credit policies in.
select credit_limit_currency from credit_policies
 where account_id = :account_id order by credit_limit_currency;

-- name: spends_on_credit
-- Whether an account has an active credit policy in a currency that covers a program.
select exists (
    select from credit_policies policy
      left join programs program
        on program.account_id = policy.account_id and program.id = :program
     where policy.account_id = :account_id and policy.credit_limit_currency = :currency
       and policy.status = 'active'
       and (
           program.offering = any(:offerings::text[]) or program.id = any(policy.programs)
       )
);

-- name: save_shortage
-- What an account would get more of if its platform had more.
insert into credit_shortages (account_id, grantee_id, currency, short_minor)
values (:account_id, :grantee_id, :currency, :short_minor)
on conflict (account_id, currency, grantee_id) do update set short_minor = excluded.short_minor;

-- name: forget_shortage
-- The account has all that it may have.
delete from credit_shortages
 where account_id = :account_id and grantee_id = :grantee_id and currency = :currency;

-- name: list_shortages
-- The accounts that would get more, in the order of their ids.
select grantee_id from credit_shortages
 where account_id = :account_id and currency = :currency
 order by grantee_id;

-- name: open_period
-- The obligation of the period that an instant (seconds) lies in.
select id from funding_obligations
 where account_id = :account_id and currency = :currency and status = 'pending'
   and credit_period_ends_at > :now
 order by credit_period_ends_at limit 1;

-- name: outstanding_obligations
-- The obligations of which something is owed, newest period first.
select id from funding_obligations
 where account_id = :account_id and currency = :currency and status <> 'paid'
   and (body ->> 'amount_outstanding')::bigint > 0
 order by credit_period_ends_at desc;

-- name: get_reserve
-- What a platform has set aside for an account.
select amount_minor from liability_reserves
 where account_id = :account_id and liable_for_id = :liable_for_id and currency = :currency;

-- name: save_reserve
-- What a platform sets aside for an account now.
insert into liability_reserves (account_id, liable_for_id, currency, amount_minor)
values (:account_id, :liable_for_id, :currency, :amount_minor)
on conflict (account_id, liable_for_id, currency)
do update set amount_minor = excluded.amount_minor;
