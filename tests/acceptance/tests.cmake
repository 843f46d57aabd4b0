# Acceptance through the real command line: hostile scripts at every level, as root and as a user without privilege.
foreach(part levels identity leftovers specs)
  add_test(NAME acceptance.${part} COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_${part}.py)
  set_tests_properties(acceptance.${part} PROPERTIES LABELS runtime TIMEOUT 900
    SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
    ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
endforeach()

# Each cell of the access matrix, compared with the reference semantics.
add_executable(matrix_oracle ${CMAKE_CURRENT_LIST_DIR}/matrix_oracle.cpp)
bulkhead_target_name("lang/frontend" frontend_target)
target_link_libraries(matrix_oracle PRIVATE ${frontend_target} bulkhead_options fmt::fmt)
add_executable(matrix_program ${CMAKE_CURRENT_LIST_DIR}/matrix_program.cpp)
target_link_libraries(matrix_program PRIVATE bulkhead_options)
bulkhead_static(matrix_program)
set_target_properties(matrix_program PROPERTIES BULKHEAD_UNMEASURED ON)
add_test(NAME acceptance.matrix COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_matrix.py)
set_tests_properties(acceptance.matrix PROPERTIES LABELS runtime TIMEOUT 300
  SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
  ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR};BULKHEAD_MATRIX_ORACLE=$<TARGET_FILE:matrix_oracle>;BULKHEAD_MATRIX_PROGRAM=$<TARGET_FILE:matrix_program>")
