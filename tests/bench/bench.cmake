# The benchmark (./dev bench), and a short run of it as a test: that it works, not how fast.
add_library(pawl_bench_parts STATIC
  ${CMAKE_CURRENT_LIST_DIR}/chart/columns.cc
  ${CMAKE_CURRENT_LIST_DIR}/chart/rows.cc
  ${CMAKE_CURRENT_LIST_DIR}/chart/scale.cc
  ${CMAKE_CURRENT_LIST_DIR}/chart/svg.cc
  ${CMAKE_CURRENT_LIST_DIR}/charts.cc
  ${CMAKE_CURRENT_LIST_DIR}/checks.cc
  ${CMAKE_CURRENT_LIST_DIR}/conditions.cc
  ${CMAKE_CURRENT_LIST_DIR}/disk.cc
  ${CMAKE_CURRENT_LIST_DIR}/event_log.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/broker_load.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/echo.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/floor.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/memory_store.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/record_batches.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/recording.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/sql_replay.cc
  ${CMAKE_CURRENT_LIST_DIR}/floor/topic_feed.cc
  ${CMAKE_CURRENT_LIST_DIR}/interrupt.cc
  ${CMAKE_CURRENT_LIST_DIR}/latency.cc
  ${CMAKE_CURRENT_LIST_DIR}/measure_cpu.cc
  ${CMAKE_CURRENT_LIST_DIR}/measuring.cc
  ${CMAKE_CURRENT_LIST_DIR}/options.cc
  ${CMAKE_CURRENT_LIST_DIR}/preload.cc
  ${CMAKE_CURRENT_LIST_DIR}/report_json.cc
  ${CMAKE_CURRENT_LIST_DIR}/report_text.cc
  ${CMAKE_CURRENT_LIST_DIR}/run.cc
  ${CMAKE_CURRENT_LIST_DIR}/servers.cc
  ${CMAKE_CURRENT_LIST_DIR}/spread.cc
  ${CMAKE_CURRENT_LIST_DIR}/stage.cc
  ${CMAKE_CURRENT_LIST_DIR}/statements.cc
  ${CMAKE_CURRENT_LIST_DIR}/sweep.cc
  ${CMAKE_CURRENT_LIST_DIR}/throughput.cc
  ${CMAKE_CURRENT_LIST_DIR}/workers.cc)
pawl_flags(pawl_bench_parts)
target_compile_definitions(pawl_bench_parts PRIVATE PAWL_MOODY_LEDGER="$<TARGET_FILE:moody_ledger>")
target_link_libraries(pawl_bench_parts PUBLIC
  pawl::behaviour_support pawl::test_support pawl::consumer ledger::domain command_publisher::generator
  CLI11::CLI11 nlohmann_json::nlohmann_json fmt::fmt)
add_library(pawl::bench_parts ALIAS pawl_bench_parts)

add_executable(pawl-bench ${CMAKE_CURRENT_LIST_DIR}/main.cc)
pawl_flags(pawl-bench)
target_link_libraries(pawl-bench PRIVATE pawl::bench_parts)
pawl_allocator(pawl-bench)  # the floor's client is to have the worker's
add_dependencies(pawl-bench pawl-ledger moody_ledger)

add_test(NAME ${PAWL_TEST_PREFIX}pawl-bench
  COMMAND pawl-bench --commands 2000 --latency-seconds 2 --runs 1 --json ${PROJECT_BINARY_DIR}/bench.json)
add_test(NAME ${PAWL_TEST_PREFIX}pawl-bench-workloads
  COMMAND pawl-bench --commands 2000 --runs 1 --no-latency --hot 50 --content json --payload 1024 --failing 500 --processes 2)
add_test(NAME ${PAWL_TEST_PREFIX}pawl-bench-failing
  COMMAND pawl-bench --commands 2000 --runs 1 --no-latency --closings --failing 500 --compare)
set_tests_properties(${PAWL_TEST_PREFIX}pawl-bench ${PAWL_TEST_PREFIX}pawl-bench-workloads ${PAWL_TEST_PREFIX}pawl-bench-failing
  PROPERTIES LABELS bench TIMEOUT 180 PROCESSORS 2)

pawl_test(bench_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/../unit/bench/charts_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/../unit/bench/memory_store_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/../unit/bench/scale_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/../unit/bench/svg_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/../unit/bench/sweep_test.cc
  USES bench_parts)

pawl_test(bench_replay_test LABEL behaviour
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/../behaviour/sql_replay_test.cc
  USES bench_parts)
