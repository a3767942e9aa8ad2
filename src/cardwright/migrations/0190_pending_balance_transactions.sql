-- Balance transactions tell when their money can be used.
create or replace view balance_transactions as
select
    entries.account_id,
    entries.transfer_id as id,
    entries.amount_minor as amount,
    case entries.book when 'issuing' then 'issuing' else 'payments' end as balance_type,
    entries.created_ms / 1000 as created,
    entries.currency,
    entries.description,
    entries.source_id as source,
    entries.reason as type,
    case
        when terms.id is null then '{}'::jsonb
        else jsonb_build_object('available_on', terms.available_on, 'status', terms.status)
    end as body
from entries
left join balance_transaction_terms as terms
    on terms.account_id = entries.account_id and terms.id = entries.transfer_id
where entries.line = 0 and entries.book in ('payments', 'payments_pending', 'issuing');
