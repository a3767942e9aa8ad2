-- Cards. The number and the verification code are sealed in secrets.
create table cards (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    cardholder text collate "C" not null,
    status text not null check (status in ('active', 'inactive', 'canceled')),
    type text not null check (type in ('virtual', 'physical')),
    currency text collate "C" not null,
    last4 text collate "C" not null,
    exp_month smallint not null check (exp_month between 1 and 12),
    exp_year smallint not null,
    program text collate "C" not null,
    personalization_design text collate "C",
    replacement_for text collate "C",
    -- The first card of the chain of replacements; spending totals belong to the chain.
    spend_root text collate "C" not null,
    -- The number as a keyed digest. A card that replaces an expired or damaged one shares it.
    pan_index text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, cardholder) references cardholders (account_id, id)
);
create index cards_by_creation on cards (account_id, created desc, id desc);
create index cards_by_cardholder on cards (account_id, cardholder, created desc, id desc);
create index cards_by_number on cards (account_id, pan_index);

-- Routing: a card number names the account and the card that payments with it go to.
create table card_number_routes (
    pan_index text collate "C" primary key,
    account_id text collate "C" not null,
    card_id text collate "C" not null
);
