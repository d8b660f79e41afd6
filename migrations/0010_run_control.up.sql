-- What operators have paused: all that fits a row. Every process of the consumer reads them again and again.
CREATE TABLE pawl.pause (
  consumer  smallint    NOT NULL REFERENCES pawl.consumer,
  topic     text,                                    -- with partition: this lane; NULL: all
  partition integer,
  type      text,                                    -- commands of this type; NULL: all
  who       text        NOT NULL,
  reason    text        NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  CHECK ((topic IS NULL) = (partition IS NULL))
);
CREATE UNIQUE INDEX pause_once ON pawl.pause (consumer, coalesce(topic, ''), coalesce(partition, -1), coalesce(type, ''));
