DROP INDEX pawl.dead_letter_by_message;
ALTER TABLE pawl.consumer_position DROP redriven_exhausted, DROP redriven_undecodable;
