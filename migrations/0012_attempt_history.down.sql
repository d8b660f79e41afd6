DROP FUNCTION pawl.with_attempts(jsonb, bigint, text, text);
ALTER TABLE pawl.held_key    DROP history;
ALTER TABLE pawl.dead_letter DROP history;
