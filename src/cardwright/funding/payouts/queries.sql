-- name: list_waiting
-- Payouts of a platform's accounts that no payment file has taken to the bank yet.
select payouts.account_id, payouts.id
from payouts
inner join tenants on tenants.account_id = payouts.account_id
where
    tenants.platform_id = :platform_id
    and payouts.status = 'pending' and payouts.currency = :currency and payouts.amount > 0
order by payouts.account_id, payouts.id
limit :limit;
