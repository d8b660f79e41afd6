-- The reference domain: a double-entry ledger. The sum of all balances is zero, always.
CREATE SCHEMA ledger;

-- fillfactor 50: balance updates stay on their page (HOT) and touch no index.
CREATE TABLE ledger.account (
  account_id      bigint  PRIMARY KEY,
  currency        text    NOT NULL,
  balance         bigint  NOT NULL,             -- minor units
  overdraft_limit bigint  NOT NULL,             -- minor units, ≥ 0; clearing accounts have the largest
  version         bigint  NOT NULL
) WITH (fillfactor = 50);

-- No foreign keys: the decider saw both accounts and the version check holds them; a key costs two look-ups a row.
CREATE TABLE ledger.transfer (
  transfer_id       uuid    NOT NULL,           -- the command's message id
  debit_account_id  bigint  NOT NULL,
  credit_account_id bigint  NOT NULL,
  amount            bigint  NOT NULL CHECK (amount > 0),
  currency          text    NOT NULL,
  memo              text    NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now()
);

-- What makes a repeated capture visible: the provider's own payment id.
CREATE TABLE ledger.payment (
  external_payment_id text   PRIMARY KEY,
  account_id          bigint NOT NULL,
  amount              bigint NOT NULL CHECK (amount > 0),
  currency            text   NOT NULL,
  version             bigint NOT NULL
);
