bulkhead_test(model_engines_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/inference_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/scope_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/enumeration_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/liveness_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/rank_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/rounds_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/formula_test.cpp
  LIBS lang/frontend checker/engine checker/certificate)
target_include_directories(model_engines_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(model_engines_random_tests slow TIMEOUT 600
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/only_one_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/portfolio_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/slice_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/library_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/monitor_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
  LIBS lang/frontend checker/engine checker/certificate checker/explore checker/finite)
target_include_directories(model_engines_random_tests PRIVATE ${CMAKE_SOURCE_DIR})
add_dependencies(model_engines_random_tests bulkhead)  # the child that asks Spacer
bulkhead_test(model_cache_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cache_test.cpp ${CMAKE_CURRENT_LIST_DIR}/notes_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/invariant_test.cpp ${CMAKE_CURRENT_LIST_DIR}/rests_on_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/coverage_test.cpp ${CMAKE_CURRENT_LIST_DIR}/survivors_test.cpp
  LIBS lang/frontend checker/query checker/report)
target_include_directories(model_cache_tests PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(model_spacer_tests slow
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/spacer_test.cpp
  LIBS lang/frontend checker/engine checker/certificate
  TIMEOUT 300)
target_include_directories(model_spacer_tests PRIVATE ${CMAKE_SOURCE_DIR})
add_dependencies(model_spacer_tests bulkhead)  # the child that asks Spacer
