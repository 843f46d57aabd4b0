bulkhead_test(embed_tests runtime
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/embed_test.cpp ${CMAKE_CURRENT_LIST_DIR}/../runtime/table_builder.cpp
  LIBS runtime-bridge/embed runtime-bridge/closure)
add_dependencies(embed_tests bulkhead-exec)
