-- Dead letters that were handed back: so many of those counted as exhausted and undecodable are not dead any more.
ALTER TABLE pawl.consumer_position
  ADD redriven_exhausted   bigint NOT NULL DEFAULT 0,
  ADD redriven_undecodable bigint NOT NULL DEFAULT 0;
-- For the number of redrives of a command that dies again.
CREATE INDEX dead_letter_by_message ON pawl.dead_letter (message_id);
