-- Charge cards in the United States, prepaid cards in the United Kingdom and the euro countries.
alter table programs drop constraint programs_offering_check;

alter table programs
add constraint programs_offering_known check (
    offering in (
        'us_spend_card', 'gb_charge_card', 'eu_charge_card', 'us_charge_card', 'gb_prepaid_card',
        'eu_prepaid_card'
    )
);

-- Platforms that are there already get them too; their ids need only be ids.
insert into programs (account_id, id, created, is_default, platform_program, offering, body)
select
    platform.account_id,
    'iprg_' || left(md5(platform.account_id || offering.name), 26),
    platform.created_ms / 1000,
    false,
    null,
    offering.name,
    jsonb_build_object(
        'metadata', jsonb_build_object(
            'region', offering.region,
            'currency', offering.currency,
            'capability', offering.capability
        )
    )
from tenants as platform
cross join (
    values
    ('us_charge_card', 'US', 'usd', 'card_creator.commercial.celtic.charge_card'),
    ('gb_prepaid_card', 'GB', 'gbp', 'card_creator.commercial.stripe.prepaid_card'),
    ('eu_prepaid_card', 'EU', 'eur', 'card_creator.commercial.stripe.prepaid_card')
) as offering (name, region, currency, capability)
where platform.account_id = platform.platform_id;
