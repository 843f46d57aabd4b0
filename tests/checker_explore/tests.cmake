bulkhead_test(explore_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/explore_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/lasso_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/leak_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/explore)
target_include_directories(explore_tests PRIVATE ${CMAKE_SOURCE_DIR})
