-- A dead letter that was handed back corrected: the message id that its command goes on under. Such an original's row of
-- pawl.inbox has ending 3: its id stays dead.
ALTER TABLE pawl.dead_letter ADD edited_as uuid;
-- For the number of redrives of a command that dies again, after dead_letter_by_message.
CREATE INDEX dead_letter_by_edit ON pawl.dead_letter (edited_as) WHERE edited_as IS NOT NULL;
