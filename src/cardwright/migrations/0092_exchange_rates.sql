-- The exchange rates that a platform loaded: units of a currency for one euro, by UTC day.
create table exchange_rates (
    account_id text collate "C" not null references tenants (account_id),
    currency text collate "C" not null check (currency ~ '^[a-z]{3}$'),
    -- Days since the epoch.
    day integer not null,
    per_euro numeric not null check (per_euro > 0),
    primary key (account_id, currency, day)
);
