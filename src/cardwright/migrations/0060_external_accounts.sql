-- Bank accounts that connected accounts are paid out to. The number is sealed in secrets.
create table external_accounts (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    currency text collate "C" not null,
    default_for_currency boolean not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index external_accounts_by_creation on external_accounts (account_id, created desc, id desc);
-- Money of a currency goes to one of them unless another is named.
create unique index external_accounts_by_default on external_accounts (account_id, currency)
    where default_for_currency;
