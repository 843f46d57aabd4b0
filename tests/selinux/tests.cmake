bulkhead_test(selinux_tests fast SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/assertion_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/flow_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/lexer_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/read_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/transitions_test.cpp
  LIBS checker/selinux checker/certificate lang/import/selinux)
bulkhead_test(selinux_constraint_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/constraint_test.cpp
  LIBS checker/selinux lang/import/selinux lang/import/sepol)
bulkhead_test(selinux_text_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/text_test.cpp LIBS lang/import/selinux lang/frontend)
bulkhead_test(selinux_corpus_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/android_test.cpp
  LIBS checker/selinux lang/import/selinux)
# checkpolicy and setools say the same: started as people start them.
find_program(BULKHEAD_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)  # setools comes with the system's own
if(NOT BULKHEAD_SYSTEM_PYTHON)
  set(BULKHEAD_SYSTEM_PYTHON python3)
endif()
add_test(NAME selinux.oracles COMMAND ${BULKHEAD_SYSTEM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/test_oracles.py)
set_tests_properties(selinux.oracles PROPERTIES LABELS slow TIMEOUT 900 SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
  ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/support;BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
