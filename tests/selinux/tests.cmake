bulkhead_test(selinux_tests fast SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/assertion_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/flow_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/lexer_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/read_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/transitions_test.cpp
  LIBS checker/selinux lang/import/selinux)
bulkhead_test(selinux_corpus_tests slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/android_test.cpp
  LIBS checker/selinux lang/import/selinux)
