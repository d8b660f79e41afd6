-- How many dead letters of a lane were deleted because they were old: what reconcile adds to the rows that are left.
CREATE TABLE pawl.dead_letter_expired (
  consumer  smallint NOT NULL REFERENCES pawl.consumer,
  topic     text     NOT NULL,
  partition integer  NOT NULL,
  letters   bigint   NOT NULL,
  PRIMARY KEY (consumer, topic, partition)
);
