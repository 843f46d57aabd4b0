bulkhead_bench(table_decision SOURCES ${CMAKE_CURRENT_LIST_DIR}/table_decision.cpp LIBS runtime-bridge/table)
