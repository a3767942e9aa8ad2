-- Which book a card spends, and which one backs an authorization: the Issuing balance unless the
-- card names a financial account, or its program spends on the platform's credit.
alter table cards add column financial_account text collate "C";

update cards
set financial_account = body ->> 'financial_account', body = body - 'financial_account';

alter table authorizations add column book text collate "C" not null default 'issuing';
