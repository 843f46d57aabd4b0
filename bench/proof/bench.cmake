bulkhead_bench(bench_proof SOURCES ${CMAKE_CURRENT_LIST_DIR}/proof.cpp LIBS checker/engine checker/certificate)
