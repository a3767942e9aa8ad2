-- Card programs: a platform's own, and those it attached to its connected accounts.
create table programs (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    is_default boolean not null,
    -- The program of the platform that this one follows; a platform's own has none.
    platform_program text collate "C",
    -- What the program issues; the terms of each offering are data of the programs feature.
    offering text not null check (
        offering in ('us_spend_card', 'gb_charge_card', 'eu_charge_card')
    ),
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, platform_program)
);
create unique index programs_default on programs (account_id) where is_default;
create index programs_by_creation on programs (account_id, created desc, id desc);
