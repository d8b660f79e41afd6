ALTER TABLE pawl.consumer_position
  DROP suspect_first, DROP suspect_last, DROP suspect_crashes,
  ADD starts_without_progress integer NOT NULL DEFAULT 0,
  ADD suspect_offset          bigint,
  ADD suspect_attempts        integer NOT NULL DEFAULT 0;
