bulkhead_test(checker_trusted_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/glob_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/eval_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/certificate_test.cpp
  LIBS checker/certificate)
