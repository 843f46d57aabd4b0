bulkhead_test(explore_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/explore_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/lasso_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/leak_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/explore)
bulkhead_test(explore_random_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/random_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/enumerate_random_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/brute_force.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
  LIBS checker/explore)
target_include_directories(explore_tests PRIVATE ${CMAKE_SOURCE_DIR})
target_include_directories(explore_random_tests PRIVATE ${CMAKE_SOURCE_DIR})
