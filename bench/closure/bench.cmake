bulkhead_bench(bench_closure SOURCES ${CMAKE_CURRENT_LIST_DIR}/closure.cpp ${CMAKE_CURRENT_LIST_DIR}/grants.cpp LIBS checker/closure)
