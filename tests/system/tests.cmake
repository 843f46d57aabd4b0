bulkhead_test(system_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/step_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/replay_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/leak_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/enumerate_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/valid_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS lang/system)
target_include_directories(system_tests PRIVATE ${CMAKE_SOURCE_DIR})
