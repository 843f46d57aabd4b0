bulkhead_test(finite_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/finite_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/evidence_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/only_one_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/sat_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/finite)
target_include_directories(finite_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(finite_random_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/ground_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/random_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/generalise_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/aiger_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/finite checker/explore
  TIMEOUT 300)
target_include_directories(finite_random_tests PRIVATE ${CMAKE_SOURCE_DIR})
