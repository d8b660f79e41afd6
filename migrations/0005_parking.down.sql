DROP TABLE pawl.parked_command, pawl.held_key;
ALTER TABLE pawl.consumer_position RENAME COLUMN held_version TO held_keys;
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
