-- The code on the back of a card is derived from its number, expiry and a key; none is stored.
delete from secrets using cards
 where cards.account_id = secrets.account_id and cards.id = secrets.subject
   and secrets.name = 'cvc';

-- A card expires by the clock: cards that are there already get their deadline.
insert into deadlines (account_id, kind, subject, due_ms, clock_id)
select card.account_id, 'card.expire', card.id,
       extract(epoch from make_timestamptz(
           card.exp_year + card.exp_month / 12, card.exp_month % 12 + 1, 1, 0, 0, 0, 'UTC'
       ))::bigint * 1000,
       tenant.clock_id
  from cards card join tenants tenant on tenant.account_id = card.account_id
 where card.status <> 'canceled' and tenant.closed_ms is null;

-- A number names its account; which of the cards with that number is meant is decided from what is
-- presented. The route keeps the card that had the number first.
update card_number_routes route set card_id = (
    select id from cards
     where cards.account_id = route.account_id and cards.pan_index = route.pan_index
     order by created, id limit 1
);
