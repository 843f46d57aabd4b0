bulkhead_test(instances_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/instances_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
  LIBS lang/frontend checker/engine checker/certificate checker/instances)
target_include_directories(instances_tests PRIVATE ${CMAKE_SOURCE_DIR})
