bulkhead_bench(bench_patterns SOURCES ${CMAKE_CURRENT_LIST_DIR}/patterns.cpp LIBS checker/universe)
