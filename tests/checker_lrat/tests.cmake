bulkhead_test(lrat_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/lrat_test.cpp LIBS checker/lrat checker/sat)
