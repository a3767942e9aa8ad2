-- Who waits for a balance may also wait for it to fall below an amount.
alter table ledger_watches add column below boolean not null default false;

-- Issuing balances that are too low, from the alert until it is resolved.
create table low_balances (
    account_id text collate "C" not null references tenants (account_id),
    currency text collate "C" not null,
    alert_id text collate "C" not null,
    started_ms bigint not null,
    primary key (account_id, currency)
);
