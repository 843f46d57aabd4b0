# The command line as a user meets it: every test starts the real program.
foreach(part language doctor prove certify diff limits models conditions interchange artifact arbac questions paths kept_answers laws selinux launch failing_calls)
  add_test(NAME cli.${part} COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_${part}.py)
  set_tests_properties(cli.${part} PROPERTIES LABELS slow TIMEOUT 300 SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
    ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
endforeach()
set_tests_properties(cli.failing_calls PROPERTIES TIMEOUT 1200)  # hundreds of starts
