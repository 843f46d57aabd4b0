# Real attackers against the real program: each attempt works on this machine without a sandbox, and fails in one.
enable_language(C)
foreach(attacker files code net process fill daemon once kept)
  add_executable(attack_${attacker} ${CMAKE_CURRENT_LIST_DIR}/${attacker}.c)
  target_compile_options(attack_${attacker} PRIVATE -O1 -Wall -Wextra)
  bulkhead_static(attack_${attacker})
  set_target_properties(attack_${attacker} PROPERTIES OUTPUT_NAME ${attacker} C_STANDARD 11 C_EXTENSIONS ON
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/attackers)
endforeach()
foreach(part confinement egress limits supervisor surroundings older_kernel failing_calls)
  add_test(NAME sandbox.${part} COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_${part}.py)
  set_tests_properties(sandbox.${part} PROPERTIES LABELS runtime TIMEOUT 300 SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
    ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_EXEC=$<TARGET_FILE:bulkhead-exec>;BULKHEAD_ATTACKERS=${CMAKE_BINARY_DIR}/tests/attackers")
endforeach()
set_tests_properties(sandbox.failing_calls PROPERTIES TIMEOUT 1200)  # hundreds of launches
