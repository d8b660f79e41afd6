-- What CloseMonth writes: one row for each closed month of an account.
CREATE TABLE ledger.statement (
  account_id      bigint NOT NULL,
  month           date   NOT NULL,              -- its first day
  currency        text   NOT NULL,
  opening_balance bigint NOT NULL,              -- minor units, as the next one
  closing_balance bigint NOT NULL,
  changes         bigint NOT NULL,              -- of the account since the last statement
  version         bigint NOT NULL,              -- of the account when it was closed
  command_id      uuid   NOT NULL,
  PRIMARY KEY (account_id, month)
);
