-- Outbox rows that cannot be published, and what waits behind them on their keys: whole copies, in order of (batch, index).
-- For position and truncation of the outbox they count as handled.
CREATE TABLE pawl.relay_held_event (
  relay          text        NOT NULL,
  batch          bigint      NOT NULL,
  index          integer     NOT NULL,
  topic          text        NOT NULL,
  key            bytea,                                -- NULL: it holds nothing but itself
  id             uuid        NOT NULL,
  type           text        NOT NULL,
  source         text        NOT NULL,
  content_type   text        NOT NULL,
  correlation_id text,
  causation_id   text,
  traceparent    text,
  headers        jsonb,
  payload        bytea,
  caused_at      timestamptz,
  created_at     timestamptz NOT NULL,
  code           text,                                 -- why it cannot be published; NULL: it only waits behind another
  text           text        CHECK (length(text) <= 1024),
  attempts       integer     NOT NULL DEFAULT 0,       -- failed ones
  retry_at       timestamptz,                          -- of one with a code, when it is the first of its key
  held_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (relay, batch, index),
  CHECK ((code IS NULL) = (text IS NULL) AND (code IS NULL) = (retry_at IS NULL))
);
