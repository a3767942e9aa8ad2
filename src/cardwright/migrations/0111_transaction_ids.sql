-- Transactions and entries of financial accounts are found by the ids that their views make.
create index financial_account_entry_ids
on entries (account_id, ('trxne_' || right(transfer_id, 26)))
where line = 0 and book like 'fa\_%';

create index financial_account_transaction_ids
on entries (
    account_id,
    (
        'trxn_' || right(
            case
                when source_id is null or reason like '%\_return' then transfer_id
                else source_id
            end, 26
        )
    )
)
where line = 0 and book like 'fa\_%';

-- What moved in one financial account, newest first. The statistics of the expression keep the
-- planner from sorting all of it.
create index entries_of_one_financial_account
on entries (account_id, split_part(book, ':', 1), created_ms desc, transfer_id desc)
where line = 0 and book like 'fa\_%';
