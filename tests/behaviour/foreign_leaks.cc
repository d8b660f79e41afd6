// What leak checkers find here and is not ours.

// libpqxx 6.4 loses the PGresult of a statement on which the connection broke: of all tests only
// Handlers.ALostConnectionCountsNoAttempt leaks, and what leaks was allocated under libpqxx's own
// PQexec(). Two KiB for each connection that a handler loses.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "leak:libpqxx-6\n";
}
