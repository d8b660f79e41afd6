-- What operators ask dead letters for: the newest or oldest first, and by kind, which groups and counts read alone.
DROP INDEX pawl.dead_letter_by_time;
CREATE INDEX dead_letter_by_time ON pawl.dead_letter (consumer, last_failed_at, id);
CREATE INDEX dead_letter_by_kind ON pawl.dead_letter (consumer, state, fingerprint, type, last_failed_at, id)
  INCLUDE (first_failed_at);
CREATE INDEX audit_by_time ON pawl.audit (at, id);
