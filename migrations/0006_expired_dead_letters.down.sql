DROP TABLE pawl.dead_letter_expired;
