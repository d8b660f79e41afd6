DROP INDEX pawl.audit_by_time, pawl.dead_letter_by_kind, pawl.dead_letter_by_time;
CREATE INDEX dead_letter_by_time ON pawl.dead_letter (consumer, last_failed_at);
