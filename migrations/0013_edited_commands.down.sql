-- Rows of pawl.inbox with ending 3 stay: they make repeats duplicates, and older programs count the endings that they know.
DROP INDEX pawl.dead_letter_by_edit;
ALTER TABLE pawl.dead_letter DROP edited_as;
