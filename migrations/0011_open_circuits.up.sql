-- Services that a process does not call for now, as it tells again and again while that is so.
CREATE TABLE pawl.open_circuit (
  consumer   smallint    NOT NULL REFERENCES pawl.consumer,
  process    text        NOT NULL,                -- host:pid
  dependency text        NOT NULL,
  what       text        NOT NULL,                -- its last failure
  opened_at  timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, process, dependency)
);
