bulkhead_bench(bench_frontend SOURCES ${CMAKE_CURRENT_LIST_DIR}/frontend.cpp LIBS lang/frontend)
