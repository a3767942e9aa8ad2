-- name: newest_payout_method
-- The payout method that an account added last and can be paid at.
select id from payout_methods
where account_id = :account_id and not archived
    and body #>> '{usage_status,payments}' = 'eligible'
order by created desc, id desc limit 1;

-- name: list_waiting_outbound
-- Money of a platform's accounts that no payment file has taken to the bank yet.
select sent.account_id, sent.id
from (
    select account_id, id, body from outbound_transfers
    where status = 'processing' and payment_file is null
    union all
    select account_id, id, body from outbound_payments
    where status = 'processing' and payment_file is null
) as sent
inner join tenants on tenants.account_id = sent.account_id
where tenants.platform_id = :platform_id and sent.body #>> '{amount,currency}' = :currency
order by sent.account_id, sent.id
limit :limit;
