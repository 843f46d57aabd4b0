bulkhead_bench(bench_emission SOURCES ${CMAKE_CURRENT_LIST_DIR}/emission.cpp LIBS lang/frontend runtime-bridge/emit runtime-bridge/decode)
