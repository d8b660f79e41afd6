-- What an owner is about to handle, written down before where the last owner did not give the lane up. Nothing has ever
-- written the first forms of these columns.
ALTER TABLE pawl.consumer_position
  DROP starts_without_progress, DROP suspect_offset, DROP suspect_attempts,
  ADD suspect_first   bigint,                      -- offsets, both inclusive
  ADD suspect_last    bigint,
  ADD suspect_crashes integer NOT NULL DEFAULT 0;  -- that there have been if the owner ends without a word
