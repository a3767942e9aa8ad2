-- What physical cards are made of, and how they look. Bundles belong to platforms.
create table physical_bundles (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    status text not null check (status in ('active', 'inactive', 'review')),
    type text not null check (type in ('custom', 'standard')),
    body jsonb not null,
    primary key (account_id, id)
);
create index physical_bundles_by_creation on physical_bundles (account_id, created desc, id desc);

-- A design knows its account and its platform, whose cards may be made with it.
create table personalization_designs (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    account text collate "C" not null check (account = account_id),
    platform_id text collate "C" not null,
    created bigint not null,
    status text not null check (status in ('active', 'inactive', 'rejected', 'review')),
    lookup_key text collate "C",
    is_default boolean not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index personalization_designs_by_creation
on personalization_designs (account_id, created desc, id desc);
create index personalization_designs_of_platform
on personalization_designs (platform_id, created desc, id desc);
create unique index personalization_designs_by_key
on personalization_designs (account_id, lookup_key) where lookup_key is not null;
create unique index personalization_designs_default
on personalization_designs (account_id) where is_default;

create index cards_by_design on cards (personalization_design)
where personalization_design is not null;

-- Platforms that are there already get the standard bundles; their ids need only be ids.
insert into physical_bundles (account_id, id, created, status, type, body)
select
    platform.account_id,
    'ics_' || left(md5(platform.account_id || bundle.name), 26),
    platform.created_ms / 1000,
    'active',
    'standard',
    jsonb_build_object(
        'name', bundle.name,
        'livemode', platform.livemode,
        'features', jsonb_build_object(
            'card_logo', bundle.card_logo,
            'carrier_text', bundle.carrier_text,
            'second_line', bundle.second_line
        )
    )
from tenants as platform
cross join (
    values
    ('Plain card', 'unsupported', 'unsupported', 'unsupported'),
    ('Card with logo', 'required', 'optional', 'optional'),
    ('Standard card', 'optional', 'optional', 'optional')
) as bundle (name, card_logo, carrier_text, second_line)
where platform.account_id = platform.platform_id;
