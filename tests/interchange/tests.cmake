bulkhead_test(interchange_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/btor2_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/horn_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/interchange checker/explore)
target_include_directories(interchange_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(interchange_random_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/unfold_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/formats_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/vmt_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/interchange checker/explore
  TIMEOUT 300)
target_include_directories(interchange_random_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(safety_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/safety checker/explore
  TIMEOUT 300)
target_include_directories(safety_tests PRIVATE ${CMAKE_SOURCE_DIR})
add_dependencies(safety_tests bulkhead)  # the child that asks Spacer
bulkhead_test(clauses_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/clauses_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/evidence_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/array_clauses_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/templates_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/fixedpoint_test.cpp
  LIBS checker/safety
  TIMEOUT 300)
target_include_directories(clauses_tests PRIVATE ${CMAKE_SOURCE_DIR})
add_dependencies(clauses_tests bulkhead)  # the child that asks Spacer
