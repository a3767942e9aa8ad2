-- The transactions of a card: they are counted when the card ends after a number of payments.
create index issuing_transactions_by_card
on issuing_transactions (account_id, card, created desc, id desc);
