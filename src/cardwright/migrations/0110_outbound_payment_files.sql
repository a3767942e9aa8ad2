-- The file that took a payment to the bank; until then it waits, which few of all payments do.
alter table outbound_transfers add column payment_file text collate "C";
create index outbound_transfers_waiting on outbound_transfers (account_id, id)
where status = 'processing' and payment_file is null;

alter table outbound_payments add column payment_file text collate "C";
create index outbound_payments_waiting on outbound_payments (account_id, id)
where status = 'processing' and payment_file is null;
