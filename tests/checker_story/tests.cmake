bulkhead_test(story_tests fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/story_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/chart_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/minimise_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/random_system.cpp
          ${CMAKE_CURRENT_LIST_DIR}/../support/system_samples.cpp
  LIBS checker/explore checker/story)
target_include_directories(story_tests PRIVATE ${CMAKE_SOURCE_DIR})
