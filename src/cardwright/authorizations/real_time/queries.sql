-- name: take_question
-- Close an open question; no row when it was closed before.
delete from authorization_questions
 where account_id = :account_id and authorization_id = :authorization_id
returning asked_ms, key, version, additional, endpoint;

-- name: record_answer
-- Keep an answer of the platform, in time or late.
insert into authorization_answers
    (account_id, authorization_id, id, received_ms, source, verdict, late, message, asked_ms,
     endpoint, http_status, amount_minor, transfer_id)
values
    (:account_id, :authorization_id, :id, :received_ms, :source, :verdict, :late, :message,
     :asked_ms, :endpoint, :http_status, :amount_minor, :transfer_id);

-- name: last_asked
-- When the last closed question about an authorization was asked (milliseconds of the machine).
select max(asked_ms) from authorization_answers
 where account_id = :account_id and authorization_id = :authorization_id;

-- name: get_standing
-- Whether an account may pay with a card now, and whose totals the card adds to.
select tenant.closed_ms,
       program.id is not null
           and (
               program.platform_program is null
               or exists (
                   select from account_capabilities capability
                    where capability.account_id = card.account_id
                      and capability.status = 'active'
                      and capability.path = (
                          select offering.capability
                            from unnest(:offerings::text[], :capabilities::text[])
                                     offering (name, capability)
                           where offering.name = program.offering
                      )
               )
           ) as enabled,
       card.financial_account is null
           or exists (
               select from financial_accounts
                where account_id = card.account_id and id = card.financial_account and spendable
           ) as spendable,
       card.spend_root
  from cards card
  join tenants tenant on tenant.account_id = card.account_id
  left join programs program
    on program.account_id = card.account_id and program.id = card.program
 where card.account_id = :account_id and card.id = :card_id;
