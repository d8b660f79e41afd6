-- Commands that wait for their next attempt, and those behind them. Nothing has written the first forms of these tables.
DROP TABLE pawl.parked_command, pawl.held_key;

-- One more with each change of a lane's held keys by anybody but its owner, who then reads them again.
ALTER TABLE pawl.consumer_position RENAME COLUMN held_keys TO held_version;

-- A record without key, and one whose type skips the order, is held alone: by its offset, with an empty key.
CREATE TABLE pawl.held_key (
  consumer        smallint NOT NULL REFERENCES pawl.consumer,
  topic           text     NOT NULL,
  partition       integer  NOT NULL,
  key             bytea    NOT NULL,
  lone_offset     bigint   NOT NULL,            -- -1: all records of the key
  attempts        integer  NOT NULL,            -- of its head, failed ones
  started         integer  NOT NULL,            -- attempts of its head begun: one more while one is under way or crashed
  first_failed_at timestamptz NOT NULL,
  due_at          timestamptz NOT NULL,
  class           text     NOT NULL,            -- of its head's last failure; empty when that has not been tried yet
  code            text     NOT NULL,
  text            text     NOT NULL CHECK (length(text) <= 4096),
  PRIMARY KEY (consumer, topic, partition, key, lone_offset)
) WITH (fillfactor = 70);

-- The records as received. The lowest sequence is the head.
CREATE TABLE pawl.parked_command (
  consumer      smallint NOT NULL REFERENCES pawl.consumer,
  topic         text     NOT NULL,
  partition     integer  NOT NULL,
  key           bytea    NOT NULL,
  lone_offset   bigint   NOT NULL,
  sequence      bigint   NOT NULL,
  record_offset bigint   NOT NULL,
  record_time   timestamptz,
  message_id    uuid     NOT NULL,
  type          text     NOT NULL,
  record_key    bytea,
  headers       jsonb    NOT NULL,
  payload       bytea,
  parked_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, partition, key, lone_offset, sequence)
);
