# Bytes to commands.
pawl_test(codec_test LABEL unit
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/codec_binary_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_dead_letter_headers_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_edited_record_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_encode_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_failure_kind_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_fuzz_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_ids_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_plain_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_structured_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/codec_text_test.cc
  USES codec schemas test_records
  LINKS rapidcheck nlohmann_json::nlohmann_json)
