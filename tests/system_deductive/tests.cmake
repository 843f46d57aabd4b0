bulkhead_test(deductive_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/theorem_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/conditions_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/sort_graph_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/models.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS lang/system lang/ir checker/engine checker/certificate)
bulkhead_test(deductive_oracle_tests slow TIMEOUT 600
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/oracle_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/scope_oracle_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/leak_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/models.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS lang/system lang/ir checker/engine checker/certificate checker/explore)
target_include_directories(deductive_tests PRIVATE ${CMAKE_SOURCE_DIR})
target_include_directories(deductive_oracle_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(deductive_report_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/report_test.cpp ${CMAKE_CURRENT_LIST_DIR}/models.cpp
  LIBS checker/query checker/report)
target_include_directories(deductive_report_tests PRIVATE ${CMAKE_SOURCE_DIR})
