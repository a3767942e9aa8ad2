-- When the money of a balance transaction can be used, where that is not at once.
create table balance_transaction_terms (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    available_on bigint not null,
    status text not null check (status in ('pending', 'available')),
    primary key (account_id, id)
);
