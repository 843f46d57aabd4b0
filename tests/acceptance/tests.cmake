# Acceptance through the real command line: hostile scripts at every level, as root and as a user without privilege.
foreach(part levels identity leftovers)
  add_test(NAME acceptance.${part} COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_${part}.py)
  set_tests_properties(acceptance.${part} PROPERTIES LABELS runtime TIMEOUT 600
    SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
    ENVIRONMENT "BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
endforeach()
