bulkhead_test(questions fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/hitting_sets_test.cpp ${CMAKE_CURRENT_LIST_DIR}/question_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/all_pairs_test.cpp
  LIBS checker/query)
