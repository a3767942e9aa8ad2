-- A total over all categories is a row of its own, under '*', and the periods of one category lie
-- beside each other: what a limit is compared with is found in a few rows, however much was spent.
alter table spending_counters drop constraint spending_counters_pkey;

insert into spending_counters (account_id, owner, kind, period, category, currency, amount_minor)
select account_id, owner, kind, period, '*', currency, sum(amount_minor)
  from spending_counters
 group by account_id, owner, kind, period, currency;

alter table spending_counters
add primary key (account_id, owner, kind, category, period, currency);
