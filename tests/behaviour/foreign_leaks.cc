// What leak checkers find here and is not ours.

// libpqxx 6.4 loses the PGresult of a statement on which the connection broke:
// connection_base::exec asks for the client encoding before it takes the result into its hands, and
// on a broken connection that throws. Two KiB for each connection that a handler loses.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "leak:libpqxx-6\n";
}
