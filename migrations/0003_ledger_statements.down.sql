DROP TABLE ledger.statement;
