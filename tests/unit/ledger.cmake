# The reference domain: pure functions, no engine.
pawl_test(ledger_test LABEL unit
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ledger_capture_payment_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/ledger_open_account_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/ledger_properties_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/ledger_rules_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/ledger_transfer_funds_test.cc
  USES engine codec schemas
  LINKS ledger::domain rapidcheck)
