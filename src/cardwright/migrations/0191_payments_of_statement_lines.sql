-- Whether a line settled a payment before is found by the payment.
alter table bank_statement_lines add column payment text collate "C";
update bank_statement_lines set payment = body ->> 'payment', body = body - 'payment';
create index bank_statement_lines_by_payment
on bank_statement_lines (account_id, payment) where payment is not null;
