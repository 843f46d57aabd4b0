bulkhead_test(universe_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/glob_test.cpp ${CMAKE_CURRENT_LIST_DIR}/path_search_test.cpp
              ${CMAKE_CURRENT_LIST_DIR}/net_cells_test.cpp LIBS lang/ir checker/universe)
