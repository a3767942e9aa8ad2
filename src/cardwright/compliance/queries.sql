-- name: get_record
-- How far issuing is for an account.
select application, completed_ms, due_ms, active_since_ms, warned_ms, closes_ms, requirement
  from issuing_records where account_id = :account_id;

-- name: put_record
-- Keep how far issuing is for an account.
insert into issuing_records (account_id, application, completed_ms, due_ms, active_since_ms,
                             warned_ms, closes_ms, requirement)
values (:account_id, :application, :completed_ms, :due_ms, :active_since_ms, :warned_ms,
        :closes_ms, :requirement)
on conflict (account_id) do update
   set application = excluded.application, completed_ms = excluded.completed_ms,
       due_ms = excluded.due_ms, active_since_ms = excluded.active_since_ms,
       warned_ms = excluded.warned_ms, closes_ms = excluded.closes_ms,
       requirement = excluded.requirement;

-- name: last_card_use
-- When a card of the account was last approved to pay, or paid without asking (seconds; 0: never
-- since the given instant).
select greatest(
         coalesce((select created from authorizations
                    where account_id = :account_id and created > :since
                      and (body ->> 'approved')::boolean
                    order by created desc limit 1), 0),
         coalesce((select created from issuing_transactions
                    where account_id = :account_id and created > :since and type = 'capture'
                      and body ->> 'authorization' is null
                    order by created desc limit 1), 0));

-- name: last_money_moved
-- When money last came to or left the account's payments balance or a financial account of it
-- (seconds; 0: never since the given instant).
select coalesce((select created_ms / 1000 from entries
                  where account_id = :account_id and line = 0
                    and created_ms / 1000 > :since
                    and (book = 'payments' or book like 'fa\_%')
                  order by created_ms / 1000 desc limit 1), 0);

-- name: cash_balances
-- What is in the financial accounts of an account, by currency.
select currency, sum(available_minor)::bigint as amount_minor from balances
 where account_id = :account_id and book like 'fa\_%' and book not like '%inbound\_pending'
 group by currency;

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

-- name: open_case
-- The case of a kind that is open for an account.
select id from compliance_cases
 where account_id = :account_id and kind = :kind and status = 'open';

-- name: last_dismissal
-- When a case of a kind was last dismissed (seconds; 0: never).
select coalesce(max((body ->> 'closed')::bigint), 0) from compliance_cases
 where account_id = :account_id and kind = :kind and status = 'dismissed';

-- name: open_cases
-- Every case that is open for an account.
select id from compliance_cases
 where account_id = :account_id and status = 'open' order by id;

-- name: account_of_case
-- Whose a case of a platform is.
select account_id from compliance_cases where platform_id = :platform_id and id = :id;

-- name: active_cards
-- The cards of an account that can pay.
select id from cards where account_id = :account_id and status = 'active' order by id;

-- name: report_applications
-- Applications of a platform that wait to be verified, oldest first, with the account's instant.
select record.account_id, record.completed_ms, record.due_ms,
       coalesce(clocks.now_ms, :machine_ms) as now_ms
  from issuing_records record
  join tenants tenant on tenant.account_id = record.account_id
  left join clocks on clocks.account_id = tenant.platform_id and clocks.id = tenant.clock_id
 where tenant.platform_id = :platform_id and record.application = 'open'
   and tenant.closed_ms is null
 order by record.completed_ms, record.account_id;

-- name: report_notices
-- Notices of a platform that are not sent, the most pressing first, with what became of an email.
select notice.account_id, notice.id, notice.reason, notice.created,
       (notice.body ->> 'deadline')::bigint as deadline, notice.overdue,
       email.status as email_status, email.body ->> 'trouble' as email_trouble
  from account_notices notice
  left join lateral (
       select status, body from account_emails email
        where email.account_id = notice.account_id and email.notice = notice.id
        order by email.created desc, email.id desc limit 1) email on true
 where notice.platform_id = :platform_id and not notice.sent
 order by (notice.body ->> 'deadline')::bigint nulls last, notice.id;

-- name: report_inactive
-- Accounts of a platform that were warned that they do not use their cards, the next to be closed
-- first.
select record.account_id, record.warned_ms, record.closes_ms
  from issuing_records record
  join tenants tenant on tenant.account_id = record.account_id
 where tenant.platform_id = :platform_id and record.closes_ms is not null
   and tenant.closed_ms is null
 order by record.closes_ms, record.account_id;

-- name: report_restricted
-- Accounts of a platform that asked for cards and cannot issue them, and why.
select capability.account_id, capability.path, capability.status,
       capability.status_details::text as details,
       closure.id as closure, closure.reason as closure_reason
  from account_capabilities capability
  join tenants tenant on tenant.account_id = capability.account_id
  left join issuing_closures closure
    on closure.account_id = capability.account_id and closure.status <> 'lifted'
 where tenant.platform_id = :platform_id and tenant.closed_ms is null and capability.requested
   and capability.path like 'card\_creator.%' and capability.status <> 'active'
 order by capability.account_id, capability.path;

-- name: report_cases
-- Cases of a platform that are open, oldest first.
select account_id, id, kind, created from compliance_cases
 where platform_id = :platform_id and status = 'open' order by created, id;
