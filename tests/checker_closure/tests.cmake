bulkhead_test(closure_tests fast SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/closure_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/objection_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/path_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/relation_file_test.cpp
  LIBS checker/closure)
