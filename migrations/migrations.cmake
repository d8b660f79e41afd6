# In order. Each name has a .up.sql and a .down.sql beside this file; all are compiled into the library.
set(PAWL_MIGRATIONS
  0001_pawl
  0002_ledger
  0003_ledger_statements
  0004_dead_letters
  0005_parking
  0006_expired_dead_letters
  0007_relay_held_event
  0008_redrive
  0009_crash_suspects
  0010_run_control
  0011_open_circuits
  0012_attempt_history
  0013_edited_commands)
