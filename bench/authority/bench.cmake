bulkhead_bench(bench_authority SOURCES ${CMAKE_CURRENT_LIST_DIR}/authority.cpp LIBS checker/engine checker/certificate)
