-- Pawl's own tables. Words as in ARCHITECTURE.md; one clock: the database's.
CREATE SCHEMA IF NOT EXISTS pawl;

-- One value per taking of lanes; unique for ever, so that an old owner can never be mistaken for a new one.
CREATE SEQUENCE pawl.epoch;

-- Consumers by number, so that an inbox key holds two bytes instead of a name.
CREATE TABLE pawl.consumer (
  id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pawl.consumer_position (
  consumer                smallint NOT NULL REFERENCES pawl.consumer,
  topic                   text     NOT NULL,
  partition               integer  NOT NULL,
  epoch                   bigint   NOT NULL,
  start_offset            bigint   NOT NULL,            -- where this consumer began
  next_offset             bigint   NOT NULL,
  commits                 bigint   NOT NULL DEFAULT 0,  -- one more with each committed batch: settles unknown commits
  held_keys               bigint   NOT NULL DEFAULT 0,
  received                bigint   NOT NULL DEFAULT 0,  -- = completed + duplicate + rejected + exhausted + undecodable + parked
  completed               bigint   NOT NULL DEFAULT 0,
  duplicate               bigint   NOT NULL DEFAULT 0,
  rejected                bigint   NOT NULL DEFAULT 0,
  exhausted               bigint   NOT NULL DEFAULT 0,
  undecodable             bigint   NOT NULL DEFAULT 0,
  parked                  bigint   NOT NULL DEFAULT 0,
  starts_without_progress integer  NOT NULL DEFAULT 0,
  suspect_offset          bigint,
  suspect_attempts        integer  NOT NULL DEFAULT 0,
  owner                   text     NOT NULL DEFAULT '',
  backends                jsonb    NOT NULL DEFAULT '[]',  -- [{"pid": …, "started": …}] of the owner's connections
  updated_at              timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 10);

-- Which generation or segment is written now. newest_stamp_ms: the newest UUIDv7 time of an accepted id that was ahead of
-- this clock by more than the margin.
CREATE TABLE pawl.rotation (
  name            text PRIMARY KEY CHECK (name IN ('inbox', 'outbox')),
  current         smallint    NOT NULL DEFAULT 0 CHECK (current BETWEEN 0 AND 3),
  rotated_at      timestamptz NOT NULL DEFAULT now(),
  rotations       bigint      NOT NULL DEFAULT 0,      -- so far; a generation never written need not be searched
  newest_stamp_ms bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO pawl.rotation (name) VALUES ('inbox'), ('outbox');

-- ending: 0 completed, 1 rejected, 2 exhausted. An undecodable record has no row: its position fences it.
CREATE TABLE pawl.inbox (
  message_id  uuid     NOT NULL,
  consumer    smallint NOT NULL,
  generation  smallint NOT NULL,
  ending      smallint NOT NULL DEFAULT 0,
  code        text,
  fingerprint bigint   NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (message_id, consumer, generation)
) PARTITION BY LIST (generation);
CREATE TABLE pawl.inbox_0 PARTITION OF pawl.inbox FOR VALUES IN (0);
CREATE TABLE pawl.inbox_1 PARTITION OF pawl.inbox FOR VALUES IN (1);
CREATE TABLE pawl.inbox_2 PARTITION OF pawl.inbox FOR VALUES IN (2);
CREATE TABLE pawl.inbox_3 PARTITION OF pawl.inbox FOR VALUES IN (3);

CREATE SEQUENCE pawl.outbox_batch CACHE 1;

-- The transaction id comes first: whoever holds a number had its id before, which is how the relay knows a dead hole.
CREATE FUNCTION pawl.next_outbox_batch() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_current_xact_id();
  RETURN nextval('pawl.outbox_batch');
END $$;

-- The segment written now. The shared lock comes first and the pointer is read after it, so nobody writes a segment
-- that a rotation has left; the lock lasts until the writer's transaction ends.
CREATE FUNCTION pawl.outbox_segment() RETURNS smallint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('pawl.outbox'));
  RETURN (SELECT current FROM pawl.rotation WHERE name = 'outbox');
END $$;

CREATE TABLE pawl.outbox (
  batch          bigint   NOT NULL DEFAULT pawl.next_outbox_batch(),
  index          integer  NOT NULL DEFAULT 0,
  segment        smallint NOT NULL DEFAULT pawl.outbox_segment(),
  topic          text     NOT NULL,
  key            bytea,
  id             uuid     NOT NULL DEFAULT gen_random_uuid(),
  type           text     NOT NULL,
  source         text     NOT NULL DEFAULT 'pawl',
  content_type   text     NOT NULL DEFAULT 'application/json',
  correlation_id text,
  causation_id   text,
  traceparent    text,
  headers        jsonb,
  payload        bytea,
  caused_at      timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (batch, index, segment)
) PARTITION BY LIST (segment);
CREATE TABLE pawl.outbox_0 PARTITION OF pawl.outbox FOR VALUES IN (0);
CREATE TABLE pawl.outbox_1 PARTITION OF pawl.outbox FOR VALUES IN (1);
CREATE TABLE pawl.outbox_2 PARTITION OF pawl.outbox FOR VALUES IN (2);
CREATE TABLE pawl.outbox_3 PARTITION OF pawl.outbox FOR VALUES IN (3);

CREATE TABLE pawl.relay_position (
  relay      text PRIMARY KEY,
  epoch      bigint      NOT NULL,
  batch      bigint      NOT NULL DEFAULT 0,
  holes      bigint[]    NOT NULL DEFAULT '{}',
  owner      text        NOT NULL DEFAULT '',
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 10);

CREATE TABLE pawl.held_key (
  consumer     smallint NOT NULL REFERENCES pawl.consumer,
  topic        text     NOT NULL,
  partition    integer  NOT NULL,
  key          bytea    NOT NULL,
  attempts     integer  NOT NULL,
  due_at       timestamptz NOT NULL,
  last_failure text     NOT NULL,
  PRIMARY KEY (consumer, topic, partition, key)
);

CREATE TABLE pawl.parked_command (
  consumer   smallint NOT NULL REFERENCES pawl.consumer,
  topic      text     NOT NULL,
  partition  integer  NOT NULL,
  key        bytea    NOT NULL,
  sequence   bigint   NOT NULL,
  record_offset bigint NOT NULL,
  message_id uuid     NOT NULL,
  type       text     NOT NULL,
  headers    jsonb    NOT NULL,
  payload    bytea,
  PRIMARY KEY (consumer, topic, partition, key, sequence)
);

CREATE TABLE pawl.dead_letter (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  consumer        smallint NOT NULL REFERENCES pawl.consumer,
  topic           text     NOT NULL,
  partition       integer  NOT NULL,
  record_offset   bigint   NOT NULL,
  record_time     timestamptz,
  message_id      uuid     NOT NULL,
  type            text     NOT NULL,
  key             bytea,
  headers         jsonb    NOT NULL,
  payload         bytea,
  class           text     NOT NULL,
  code            text     NOT NULL,
  text            text     NOT NULL CHECK (length(text) <= 4096),
  fingerprint     bigint   NOT NULL,
  attempts        integer  NOT NULL,
  first_failed_at timestamptz NOT NULL DEFAULT now(),
  last_failed_at  timestamptz NOT NULL DEFAULT now(),
  state           text     NOT NULL DEFAULT 'dead' CHECK (state IN ('dead', 'redriven', 'discarded')),
  redrives        integer  NOT NULL DEFAULT 0
);
CREATE INDEX dead_letter_by_time ON pawl.dead_letter (consumer, last_failed_at);

CREATE TABLE pawl.audit (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  who    text NOT NULL,
  at     timestamptz NOT NULL DEFAULT now(),
  action text NOT NULL,
  filter jsonb,
  count  bigint,
  reason text
);
