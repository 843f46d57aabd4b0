bulkhead_test(selinux_tests fast SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/assertion_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/flow_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/lexer_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/read_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/text_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/transitions_test.cpp
  LIBS checker/selinux lang/import/selinux lang/frontend)
bulkhead_test(selinux_corpus_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/android_test.cpp
  LIBS checker/selinux lang/import/selinux)
# checkpolicy and setools say the same: started as people start them.
add_test(NAME selinux.oracles COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/test_oracles.py)
set_tests_properties(selinux.oracles PROPERTIES LABELS slow TIMEOUT 900 SKIP_REGULAR_EXPRESSION "SKIPPED: needs"
  ENVIRONMENT "BULKHEAD=$<TARGET_FILE:bulkhead>;BULKHEAD_SOURCE=${CMAKE_SOURCE_DIR}")
