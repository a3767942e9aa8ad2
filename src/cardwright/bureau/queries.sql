-- name: list_waiting
-- The cards of a platform's accounts that can be made, the oldest first: those whose design, if
-- any, is approved.
select cards.account_id, cards.id from cards
join tenants on tenants.account_id = cards.account_id
where
    tenants.platform_id = :platform_id and tenants.closed_ms is null
    and cards.type = 'physical' and cards.status <> 'canceled'
    and cards.body -> 'shipping' ->> 'status' = 'pending'
    and (
        cards.personalization_design is null
        or exists (
            select from personalization_designs as design
            where
                design.id = cards.personalization_design and design.platform_id = :platform_id
                and design.status = 'active'
        )
    )
order by cards.created, cards.id
limit :limit;

-- name: add_card
-- Note that a card is in a file; no card is in two.
insert into bureau_cards (account_id, card, platform_id, file)
values (:account_id, :card, :platform_id, :file);

-- name: account_of_card
-- The account of a card that the platform has handed to the bureau.
select account_id from bureau_cards where platform_id = :platform_id and card = :card;
