-- What was spent in a month, by card (its chain of replacements) and by cardholder: the total, and
-- each day of it in `days` under its number. One row is written where there were two.
create table spending_totals (
    account_id text collate "C" not null,
    owner text collate "C" not null,
    -- A category, or '*' for all of them.
    category text not null,
    -- Year * 12 + month - 1.
    month integer not null,
    currency text not null,
    -- The day that was written last.
    day smallint not null check (day between 1 and 31),
    amount_minor bigint not null check (amount_minor >= 0),
    days bigint[] not null,
    primary key (account_id, owner, category, month, currency)
) with (fillfactor = 50);

insert into spending_totals
    (account_id, owner, category, month, currency, day, amount_minor, days)
select
    whole.account_id,
    whole.owner,
    whole.category,
    whole.period,
    whole.currency,
    1,
    whole.amount_minor,
    array(
        select coalesce(max(daily.amount_minor), 0)
          from generate_series(1, 31) number
          left join spending_counters daily
            on daily.account_id = whole.account_id and daily.owner = whole.owner
           and daily.category = whole.category and daily.currency = whole.currency
           and daily.kind = 'day'
           and daily.period
               = make_date(whole.period / 12, whole.period % 12 + 1, 1) - date '1970-01-01'
               + number - 1
         where extract(month from
                   make_date(whole.period / 12, whole.period % 12 + 1, 1) + number - 1
               ) = whole.period % 12 + 1
         group by number
         order by number
    )
  from spending_counters whole
 where whole.kind = 'month';

drop table spending_counters;
