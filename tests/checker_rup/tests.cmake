bulkhead_test(rup_tests fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/rup_test.cpp LIBS checker/rup checker/sat)
